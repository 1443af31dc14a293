-- One kind of request, each time for a user and contact picked at random from a file.
-- Arguments: what, file of "key user contact" lines, prefix of the server's paths, first number for new contacts.
local threads = 0

function setup(thread)
  thread:set("thread", threads)
  threads = threads + 1
end

function init(args)
  what, prefix = args[1], args[3]
  next_number = tonumber(args[4]) + thread * 1000000
  people = {}
  for line in io.lines(args[2]) do
    local key, user, contact = line:match("(%S+) (%S+) (%S+)")
    people[#people + 1] = {
      headers = { ["X-API-Key"] = key, ["X-User-Id"] = user, ["Content-Type"] = "application/json" },
      contact = contact,
    }
  end
  math.randomseed(42 + thread)
end

function request()
  local person = people[math.random(#people)]
  if what == "page" then
    return wrk.format("GET", prefix .. "/contacts", person.headers)
  elseif what == "get" then
    return wrk.format("GET", prefix .. "/contacts/" .. person.contact, person.headers)
  end
  next_number = next_number + 1
  return wrk.format("POST", prefix .. "/contacts", person.headers, string.format(
    '{"phone_number":"+49152%08d","first_name":"Grace","last_name":"Hopper","email":"grace.hopper%d@navy.example","company":"Navy","tags":["vip"]}',
    next_number, next_number))
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format("RESULT %d %d %d %d %d", summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
