-- Has a message that was given up wait again, behind those of its call that wait.
-- KEYS: the calls of which a message is due; the messages that wait; those given up.
-- ARGV: the message; now, in ms; how the keys of records begin, which are in the same slot.
-- Returns 1 if it waits now, else 0.
local message = ARGV[3] .. 'message:' .. ARGV[1]
local fields = redis.call('HMGET', message, 'call', 'at')
if not fields[1] or not redis.call('ZSCORE', KEYS[3], ARGV[1]) then
  return {redis.call('ZSCORE', KEYS[2], ARGV[1]) and 1 or 0}
end
local queue = ARGV[3] .. 'queue:' .. fields[1]
redis.call('RPUSH', queue, ARGV[1])
redis.call('PEXPIRE', queue, redis.call('PTTL', message))
redis.call('ZADD', KEYS[2], fields[2], ARGV[1])
redis.call('ZADD', KEYS[1], 'NX', ARGV[2], fields[1])
redis.call('HSET', message, 'attempts', 0)
redis.call('ZREM', KEYS[3], ARGV[1])
return {1}
