#!/usr/bin/env ruby
# A lock with ruby-redis, as Redis's page "Distributed Locks" has it for one server: a token by
# chance, and a script that deletes only what bears it.
require "redis"
require "securerandom"
require_relative "hustings"

FREE = 'if redis.call("get",KEYS[1]) == ARGV[1] ' \
       'then return redis.call("del",KEYS[1]) else return 0 end'
def ms(name, value) = Integer(ENV.fetch("#{name}_MS", value))

key = ENV.fetch("HUSTINGS_LOCK_KEY")
redis = Redis.new(url: ENV.fetch("REDIS_URL"))

loop do
  token = SecureRandom.hex(16)
  if redis.set(key, token, nx: true, px: ms("HUSTINGS_LOCK_TTL", 30_000))
    Hustings.claim(in_section: true)
    sleep ms("WORK", 200) / 1000.0
    Hustings.claim(in_section: false)
    freed = redis.eval(FREE, keys: [key], argv: [token])
    warn "says: the lock was not ours any more" if freed.zero?
  end
rescue Redis::BaseError => e
  warn "says: #{e.class} #{e.message}"
ensure
  sleep ms("REST", 100) / 1000.0
end
