-- The end of one server. KEYS: the servers' set. ARGV: the server's name.
return {redis.call('ZREM', KEYS[1], ARGV[1])}
