-- A sign of life of one server. KEYS: the servers' set. ARGV: the server's name; for how long a sign counts, in ms.
-- Returns Redis' time in seconds and microseconds, and how many servers live.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now - ARGV[2])
redis.call('ZADD', KEYS[1], now, ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2] * 2)
return {time[1], time[2], redis.call('ZCARD', KEYS[1])}
