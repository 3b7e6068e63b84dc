-- Drops keys that hold what is not ours, since nothing can be kept under them. KEYS: any. ARGV: the type that each has to
-- have. Returns the keys that are dropped.
local dropped = {}
for i, key in ipairs(KEYS) do
  local kind = redis.call('TYPE', key).ok
  if kind ~= 'none' and kind ~= ARGV[i] then
    redis.call('DEL', key)
    dropped[#dropped + 1] = key
  end
end
return dropped
