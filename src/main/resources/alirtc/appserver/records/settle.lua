-- Records what came of an attempt to deliver a message. The same once more changes nothing, but the count of failures.
-- KEYS: the calls of which a message is due; the messages that wait; those given up.
-- ARGV: "delivered", "failed" or "gave up"; the message, its call; now, or the time of the next attempt, in ms; how the keys
-- of records begin, which are in the same slot.
redis.call('ZREM', KEYS[1], '')
local message, queue = ARGV[5] .. 'message:' .. ARGV[2], ARGV[5] .. 'queue:' .. ARGV[3]
if ARGV[1] == 'failed' then
  if redis.call('LINDEX', queue, 0) == ARGV[2] then
    redis.call('HINCRBY', message, 'attempts', 1)
    redis.call('ZADD', KEYS[1], ARGV[4], ARGV[3])
  end
  return {}
end
if redis.call('LREM', queue, 0, ARGV[2]) == 0 then
  return {}
end
redis.call('ZREM', KEYS[2], ARGV[2])
if ARGV[1] == 'delivered' then
  redis.call('DEL', message)
else
  redis.call('ZADD', KEYS[3], ARGV[4], ARGV[2])
  redis.call('HINCRBY', message, 'attempts', 1)
end
if redis.call('LLEN', queue) > 0 then
  redis.call('ZADD', KEYS[1], ARGV[4], ARGV[3])
else
  redis.call('ZREM', KEYS[1], ARGV[3])
end
return {}
