-- Takes out the first message of each call that is due; a call comes again when its taker's time is over.
-- KEYS: the calls of which a message is due; the messages that wait.
-- ARGV: now, and how long a taker has, in ms; how many to take; how the keys of records begin, which are in the same slot.
-- Returns of each message by turns: its name, call, number, type, body, when it was written, how many attempts failed.
-- Redis that is full refuses scripts unless they have begun to write. Nothing here takes more room, so begin.
redis.call('ZREM', KEYS[1], '')
local taken = {}
for _, call in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  local queue = ARGV[4] .. 'queue:' .. call
  local id = redis.pcall('LINDEX', queue, 0)
  local found
  while type(id) == 'string' and not found do
    local fields = redis.pcall('HMGET', ARGV[4] .. 'message:' .. id, 'call', 'seq', 'type', 'body', 'at', 'attempts')
    if not fields.err and fields[1] then
      found = fields
    else
      redis.call('LPOP', queue)
      redis.call('ZREM', KEYS[2], id)
      id = redis.call('LINDEX', queue, 0)
    end
  end
  if found then
    redis.call('ZADD', KEYS[1], ARGV[1] + ARGV[2], call)
    taken[#taken + 1] = id
    for i = 1, 6 do
      taken[#taken + 1] = found[i]
    end
  else
    redis.call('DEL', queue)
    redis.call('ZREM', KEYS[1], call)
  end
end
return taken
