# How often each thing is there, the most frequent first.
module Tally
  def self.of(things) = things.tally.sort_by { |thing, count| [-count, thing] }.to_h
end
