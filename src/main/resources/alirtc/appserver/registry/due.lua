-- Takes calls about which something has to be done: those to be ended first, then those to be looked at. Each is put
-- off for as long as its taker has for it; if the taker dies, it comes again. A look does not put off an end. What is left of calls that are gone goes,
-- and so does what is no call's.
-- KEYS: the times of looks; the times of ends; the channels with live calls; those kept ended.
-- ARGV: now, and for how long to put off, in ms; how many of each to take; how the keys of calls begin, which are in the
-- same slot.
-- Returns channels and texts by turns; an empty text for what was no call's and is dropped.
-- Redis that is full refuses scripts unless they have begun to write. Nothing here takes more room, so begin.
redis.call('ZREM', KEYS[1], '')
local taken = {}
local later = ARGV[1] + ARGV[2]
local function put_off(key, channel)
  local at = redis.call('ZSCORE', key, channel)
  if at and tonumber(at) < later then
    redis.call('ZADD', key, later, channel)
  end
end
-- Returns the text of a call, false if there is none, nil if what is there is no call's.
local function read(channel)
  if #channel > 64 or channel == '0' or not string.find(channel, '^[A-Za-z0-9_%-]+$') then
    return nil
  end
  local text = redis.pcall('GET', ARGV[4] .. channel)
  if type(text) == 'table' then
    redis.call('DEL', ARGV[4] .. channel)
    return nil
  end
  return text
end
for i = 2, 1, -1 do
  for _, channel in ipairs(redis.call('ZRANGEBYSCORE', KEYS[i], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
    local text = read(channel)
    if text then
      for key = 1, i do
        put_off(KEYS[key], channel)
      end
    else
      redis.call('ZREM', KEYS[1], channel)
      redis.call('ZREM', KEYS[2], channel)
      redis.call('SREM', KEYS[3], channel)
      redis.call('SREM', KEYS[4], channel)
    end
    if text ~= false then
      taken[#taken + 1] = channel
      taken[#taken + 1] = text or ''
    end
  end
end
return taken
