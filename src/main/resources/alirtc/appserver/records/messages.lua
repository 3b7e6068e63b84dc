-- Lists messages. What is left of those that are gone goes.
-- KEYS: the messages that wait, or those given up.
-- ARGV: "first" or "last"; how many; how the keys of records begin, which are in the same slot.
-- Returns of each message by turns: its name, call, number, type, body, when it was written, how many attempts failed.
redis.call('ZREM', KEYS[1], '')
local found = {}
local command = ARGV[1] == 'first' and 'ZRANGE' or 'ZREVRANGE'
for _, id in ipairs(redis.call(command, KEYS[1], 0, ARGV[2] - 1)) do
  local fields = redis.pcall('HMGET', ARGV[3] .. 'message:' .. id, 'call', 'seq', 'type', 'body', 'at', 'attempts')
  if fields.err or not fields[1] then
    redis.call('ZREM', KEYS[1], id)
  else
    found[#found + 1] = id
    for i = 1, 6 do
      found[#found + 1] = fields[i]
    end
  end
end
return found
