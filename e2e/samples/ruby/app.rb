# Tallies votes with a gem that lies where bundle install --deployment puts it.
require "json"
require "tally"

module Votes
  class Handler
    def self.process(event:, context:)
      puts "tallying for #{context.function_name}"
      { statusCode: 200, body: JSON.generate(Tally.of(event["votes"])) }
    end
  end
end
