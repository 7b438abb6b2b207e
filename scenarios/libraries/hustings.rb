# Claims of a member of hustings, as JSON lines on stdout. HUSTINGS_CLAIMS=no: it makes none.
require "json"

module Hustings
  def self.tell(line)
    $stdout.puts(JSON.generate(line))
    $stdout.flush
  end

  def self.claim(**what)
    at = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    tell({ claim: { **what, at_s: at } }) unless ENV["HUSTINGS_CLAIMS"] == "no"
  end

  claim # of nothing: from the beginning, nothing is to be inferred of it

  # To the protected resource; whether it was taken.
  def self.write(token = nil)
    tell({ write: token ? { token: token } : {} })
    JSON.parse($stdin.gets)["written"]
  end

  # A place where a fault may stop it.
  def self.stop
    tell({ stop: true })
    $stdin.gets
  end
end
