-- Puts one state of a call in place of another, unless that is not its state any more or there is no room.
-- KEYS: the call; the times of looks; the times of ends; the channels with live calls; those kept ended.
-- ARGV: its channel; the text it should have, the text it gets (empty: none); for how long it is kept, in ms; when to
-- look and when to end it, in ms since 1970 (empty: as it is; "-": never); how many calls there may be; among which
-- channels it is counted ("live" or "ended"; empty: as it is; "-": neither); when it is too late, in ms since 1970 ("-":
-- never). Of calls on record, too: KEYS: the times of ends of records; the messages that wait; the calls of which one is
-- due. ARGV: now, and how long records are kept, in ms; how the keys of records begin, which are in the same slot; then six
-- each: "r", the call, "", its end in ms, "", the record; or "m", the message, its call, number, type, and body.
-- Returns "ok", "full", "late", or "other" and the text it has.
if ARGV[9] ~= '-' then
  -- Nobody waits any more for what is done later, and whoever sent it has given up, or does it anew.
  local now = redis.call('TIME')
  if now[1] * 1000 + math.floor(now[2] / 1000) > tonumber(ARGV[9]) then
    return {'late'}
  end
end
local text = redis.call('GET', KEYS[1]) or ''
if text ~= ARGV[2] then
  return {'other', text}
end
-- Drops what is not ours under a key, which is of a type.
local function own(key, kind)
  if redis.call('TYPE', key).ok ~= kind then
    redis.call('DEL', key)
  end
end
-- Writes down records and messages; the same ones once more change nothing.
local function write_down()
  local now, keep, prefix = ARGV[10], ARGV[11], ARGV[12]
  for i = 13, #ARGV, 6 do
    local id, call, at, kind, body = ARGV[i + 1], ARGV[i + 2], ARGV[i + 3], ARGV[i + 4], ARGV[i + 5]
    if ARGV[i] == 'r' then
      redis.call('SET', prefix .. 'record:' .. id, body, 'PX', keep)
      redis.call('ZADD', KEYS[6], at, id)
    else
      local message, queue = prefix .. 'message:' .. id, prefix .. 'queue:' .. call
      redis.call('DEL', message)
      redis.call(
        'HMSET', message, 'call', call, 'seq', at, 'type', kind, 'body', body, 'at', now, 'attempts', 0)
      redis.call('PEXPIRE', message, keep)
      own(queue, 'list')
      redis.call('LREM', queue, 0, id)
      redis.call('RPUSH', queue, id)
      redis.call('PEXPIRE', queue, keep)
      redis.call('ZADD', KEYS[7], now, id)
      redis.call('ZADD', KEYS[8], 'NX', now, call)
    end
  end
  for i = 6, 8 do
    redis.call('ZREMRANGEBYSCORE', KEYS[i], '-inf', '(' .. string.format('%.0f', now - keep))
    redis.call('PEXPIRE', KEYS[i], keep)
  end
end
-- The text changes last: if a key proves to hold something else, nothing has been changed that would not be again.
if ARGV[3] == '' then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('ZREM', KEYS[3], ARGV[1])
  redis.call('SREM', KEYS[4], ARGV[1])
  redis.call('SREM', KEYS[5], ARGV[1])
  if ARGV[10] then
    write_down()
  end
  if text ~= '' then
    redis.call('DEL', KEYS[1])
  end
  return {'ok'}
end
if text == '' and redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[7]) then
  return {'full'}
end
if text ~= '' then
  -- Redis that is full refuses scripts unless they have begun to write: it then refuses new calls, while known ones go
  -- on and come to their end.
  redis.call('ZREM', KEYS[2], '')
end
for i = 2, 3 do
  local at = ARGV[i + 3]
  if at == '-' then
    redis.call('ZREM', KEYS[i], ARGV[1])
  elseif at ~= '' then
    redis.call('ZADD', KEYS[i], at, ARGV[1])
  end
end
if ARGV[8] ~= '' then
  local groups = {live = KEYS[4], ended = KEYS[5]}
  for name, key in pairs(groups) do
    if name == ARGV[8] then
      redis.call('SADD', key, ARGV[1])
    else
      redis.call('SREM', key, ARGV[1])
    end
  end
end
if ARGV[10] then
  write_down()
end
if text ~= ARGV[3] then
  redis.call('SET', KEYS[1], ARGV[3], 'PX', ARGV[4])
end
for i = 2, 5 do
  redis.call('PEXPIRE', KEYS[i], ARGV[4])
end
return {'ok'}
