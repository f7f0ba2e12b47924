import { BELIEVED_MS } from './cache-limits.ts'

/**
 * All clocks in here are Redis's own, so that the clocks of the hosts are never compared: an entry's age is what is
 * missing from its full time to live, and the age of a load is what has passed since the read that missed.
 *
 * A Redis that restarts, fails over or is flushed may lose its fences. Nothing gets older than 15 s by that: a fill that
 * was under way still has to show when its load began, and counts its age from there, and entries that come back with a
 * replica or a snapshot bring their times to live. Processes that heard of the change refuse such entries on their own
 * (see Fences), so that only one that started since, or missed the notice, can serve them within these 15 s.
 */

const NOW = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
`

/**
 * Counts as a script that writes, though it does not: a master that became a replica, or that has fewer replicas than it shall write
 * with (min-replicas-to-write), refuses it. What it holds may lack fences.
 *
 * KEYS entry, fence. Returns now, and for an existing entry its bytes, its time to live and whether it is superseded.
 */
export const READ = `#!lua flags=allow-oom
${NOW}
local entry = redis.call('GET', KEYS[1])
if not entry then return {now} end
local fence = tonumber(redis.call('GET', KEYS[2]) or '') or 0
local version = tonumber(string.sub(entry, 1, 16)) or 0
return {now, entry, redis.call('PTTL', KEYS[1]), version <= fence and 1 or 0}
`

/**
 * KEYS entry, fence. ARGV bytes, time of the read that missed, kept ms, fresh ms. Returns 1 when it was stored. Refused:
 * what is not newer than the fence, what took too long, and what is older than a fresh entry. No load takes so long that
 * its fence or its former entry could be BELIEVED_MS ahead of it: such ones are overwritten.
 */
export const FILL = `${NOW}
local age = now - tonumber(ARGV[2])
local kept, fresh = tonumber(ARGV[3]), tonumber(ARGV[4])
if age < 0 or age >= fresh then return 0 end
local version = tonumber(string.sub(ARGV[1], 1, 16))
local fence = tonumber(redis.call('GET', KEYS[2]) or '') or 0
if fence > version + ${BELIEVED_MS} then redis.call('DEL', KEYS[2])
elseif version <= fence then return 0 end
local former = tonumber(redis.call('GETRANGE', KEYS[1], 0, 15)) or 0
local formerAge = kept - redis.call('PTTL', KEYS[1])
if former > version and former <= version + ${BELIEVED_MS} and formerAge >= 0 and formerAge < fresh then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', kept - age)
return 1
`

/** KEYS fence and, where there is one, the entry. ARGV version, ms to live. Any number of replicas may repeat it. */
export const FENCE = `
local version = tonumber(ARGV[1])
if version > (tonumber(redis.call('GET', KEYS[1]) or '') or 0) then
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
if KEYS[2] then
  local entry = tonumber(redis.call('GETRANGE', KEYS[2], 0, 15)) or 0
  if version >= entry or entry > version + ${BELIEVED_MS} then redis.call('DEL', KEYS[2]) end
end
return 1
`
