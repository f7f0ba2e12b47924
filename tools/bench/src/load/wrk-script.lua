-- Prints the result as one line of JSON. Arguments:
--   post <file> [<pause>]          sends the file; a connection pauses for so many milliseconds, on average, before each time
--   walk <place> <count> <stride>  puts an id in place of {id}, another one for each request (see id-walk.ts)
function init(args)
  if args[1] == "post" then send(args[2]) end
  if args[1] == "post" and args[3] then pause(tonumber(args[3])) end
  if args[1] == "walk" then walk(tonumber(args[2]), tonumber(args[3]), tonumber(args[4])) end
end

function send(name)
  local file = assert(io.open(name, "rb"))
  wrk.method = "POST"
  wrk.body = file:read("*a")
  file:close()
end

-- At random, so that connections that begin together do not go on together.
function pause(ms)
  function delay()
    return math.random(0, math.floor(2 * ms))
  end
end

function walk(place, count, stride)
  local before, after = wrk.path:match("^(.*){id}(.*)$")
  function request()
    local id = 1 + place * stride % count
    place = place + 1
    return wrk.format(nil, string.format("%s%d%s", before, id, after))
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests":%d,"durationUs":%d,"p50Us":%d,"p99Us":%d,"errors":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout + errors.status))
end
