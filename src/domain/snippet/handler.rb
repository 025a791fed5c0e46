# Receives the webhooks of Syncfy, and handles only what Syncfy signed.
#
#   gem install puma
#   SYNCFY_WEBHOOK_SIGNATURE_KEY="$(cat syncfy.jwk)" ruby handler.rb

require "json"
require "openssl"
require "puma"

SIGNATURE_HEADER = '__SIGNATURE_HEADER__'
# What a token may be signed with; the token itself has no say in it.
ALGORITHMS = { __ALGORITHMS__ }
# How far the clocks may differ, in seconds.
LEEWAY = __LEEWAY__
# Syncfy does not document whether its tokens cover the body: one without the claim `body_sha256`
# proves that the sender knows the key, not that the body is unchanged. `true` refuses such tokens.
REQUIRE_BINDING = __REQUIRE_BINDING__
LONGEST_BODY = 10 * 1024 * 1024

def decode(text) = (text.tr("-_", "+/") + "=" * (-text.length % 4)).unpack1("m0")
def encode(bytes) = [bytes].pack("m0").tr("+/", "-_").delete("=")

# The JWK that the Syncfy dashboard shows, whose `k` may be another JWK, as an object or as text.
# `syncfy-hooks key show --reveal` makes a plain JWK of a key in any other shape.
def read_key(jwk)
  return read_key(JSON.parse(jwk)) if jwk.is_a?(String)
  raise "not a key for HMAC" if jwk.fetch("kty", "oct") != "oct"

  k = jwk.fetch("k")
  k.is_a?(String) && k.match?(%r{\A[\w+/-]+=*\z}) ? decode(k) : read_key(k)
end

begin
  KEY = read_key(ENV.fetch("SYNCFY_WEBHOOK_SIGNATURE_KEY"))
rescue StandardError
  abort "SYNCFY_WEBHOOK_SIGNATURE_KEY must hold the JWK that the Syncfy dashboard shows"
end

# Returns if Syncfy signed this, and raises otherwise.
# `syncfy-hooks verify` explains why a token is refused.
# A header that comes twice arrives joined by a comma, which no token contains.
def verify(token, body)
  token = token.sub(/\Abearer\s+/i, "")
  raise "not a token" if token.count(".") != 2

  header, claims, signature = token.split(".", -1)
  protected_header = JSON.parse(decode(header))
  hash = ALGORITHMS[protected_header.fetch("alg")]
  raise "the token is of another kind" if hash.nil? || protected_header.key?("crit")

  expected = encode(OpenSSL::HMAC.digest(hash, KEY, "#{header}.#{claims}"))
  raise "the signature is wrong" unless OpenSSL.secure_compare(expected, signature)

  claims = JSON.parse(decode(claims))
  raise "the claims are not an object" unless claims.is_a?(Hash)

  claims.slice("exp", "nbf", "iat").each do |name, at|
    raise "`#{name}` is not a number" unless at.is_a?(Numeric)

    is_now = name == "exp" ? at > Time.now.to_i - LEEWAY : at < Time.now.to_i + LEEWAY
    raise "the token is not valid now: #{name}" unless is_now
  end

  raise "the token does not cover the body" if REQUIRE_BINDING && !claims.key?("body_sha256")

  # Over the bytes as they came: JSON that was parsed and written again has others.
  digest = OpenSSL::Digest::SHA256.hexdigest(body)
  raise "the token is for another body" if claims.fetch("body_sha256", digest) != digest
end

# Syncfy does not wait for this.
# An event may come again: `eid` is its idempotency key, so handle each one once.
def work(body)
  JSON.parse(body).fetch("events").each do |event|
    puts event.dig("header", "event").values_at("eid", "name").join(" ")
  end
end

# A Rack application; in `config.ru` it is `run APP`.
APP = lambda do |env|
  next [405, {}, []] if env["REQUEST_METHOD"] != "POST"

  body = env["rack.input"].read(LONGEST_BODY + 1).to_s
  next [413, {}, []] if body.bytesize > LONGEST_BODY

  begin
    verify(env.fetch("HTTP_#{SIGNATURE_HEADER.tr("-", "_").upcase}", ""), body)
  rescue StandardError => refused
    # Other errors than those above quote what the token says.
    warn "refused: #{refused.instance_of?(RuntimeError) ? refused.message : "not a token"}"
    next [401, {}, []]
  end
  Thread.new { work(body) }
  [200, {}, []]
end

server = Puma::Server.new(APP)
port = server.add_tcp_listener("127.0.0.1", ENV.fetch("PORT", 3000).to_i).addr[1]
$stdout.sync = true
puts "listening on http://127.0.0.1:#{port}"
server.run.join
