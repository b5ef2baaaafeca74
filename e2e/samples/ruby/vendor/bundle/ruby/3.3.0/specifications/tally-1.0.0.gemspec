Gem::Specification.new do |s|
  s.name = "tally"
  s.version = "1.0.0"
  s.summary = "How often each thing is there"
  s.authors = ["Kappa"]
  s.require_paths = ["lib"]
end
