-- Lists records: of calls that ended in a span, the earliest first; or without a span those that ended last, the latest
-- first. What is left of those that are gone goes.
-- KEYS: the times of ends of records.
-- ARGV: how many; how the keys of records begin, which are in the same slot; the first moment of the span, and the first
-- after it, in ms since 1970, if there is one.
redis.call('ZREM', KEYS[1], '')
local calls = ARGV[3]
    and redis.call('ZRANGEBYSCORE', KEYS[1], ARGV[3], '(' .. ARGV[4], 'LIMIT', 0, ARGV[1])
  or redis.call('ZREVRANGE', KEYS[1], 0, ARGV[1] - 1)
local found = {}
for _, call in ipairs(calls) do
  local record = redis.pcall('GET', ARGV[2] .. 'record:' .. call)
  if type(record) == 'string' then
    found[#found + 1] = record
  else
    redis.call('ZREM', KEYS[1], call)
  end
end
return found
