-- Reads some of the live channels.
-- KEYS: the channels with live calls.
-- ARGV: where the last reading ended, "0" to begin; about how many to read; how the keys of calls begin, which are in the
-- same slot.
-- Returns where the reading ended, "0" at the end of all, then channels and texts by turns; an empty text where there is
-- none.
local page = redis.call('SSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local found = {page[1]}
for _, channel in ipairs(page[2]) do
  local text = redis.pcall('GET', ARGV[3] .. channel)
  found[#found + 1] = channel
  found[#found + 1] = type(text) == 'string' and text or ''
end
return found
