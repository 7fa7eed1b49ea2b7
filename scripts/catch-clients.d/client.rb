# A client on Ruby's openssl: ruby client.rb WAY URL HOST PORT ROOTS [CHAIN KEY]
#
# Broken ways: last-call (the verification's last call decides), regex-name (a name is a pattern whose dots match
# anything). Right ways: right, retries (tries a refused server three times), pipelines (two requests at once).
require "openssl"
require "socket"
require "uri"

way, url, host, port, roots, chain, key = ARGV
name = URI(url).host.delete("[]").delete_suffix(".")
address = name.include?(":") || name.match?(/\A[0-9.]+\z/)

fetch = lambda do
  context = OpenSSL::SSL::SSLContext.new
  context.min_version = OpenSSL::SSL::TLS1_2_VERSION
  context.ca_file = roots
  context.verify_mode = OpenSSL::SSL::VERIFY_PEER
  last = true
  context.verify_callback = ->(ok, _) { last = ok; true } if way == "last-call"
  if chain && !chain.empty?
    certificates = File.read(chain).scan(/-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----/m)
    certificates.map! { |text| OpenSSL::X509::Certificate.new(text) }
    context.add_certificate(certificates[0], OpenSSL::PKey.read(File.read(key)), certificates[1..])
  end
  tcp = TCPSocket.new(host, port)
  tls = OpenSSL::SSL::SSLSocket.new(tcp, context)
  tls.hostname = name unless address
  tls.connect
  abort "not verified" unless last
  if way == "regex-name"
    names = tls.peer_cert.extensions.select { |each| each.oid == "subjectAltName" }.flat_map { |each| each.value.split(", ") }
    matching = names.any? { |each| /\A#{each.sub(/\A(DNS|IP Address):/, "").gsub("*", ".*")}\z/i.match?(name) }
    raise "another name" unless matching || address && OpenSSL::SSL.verify_certificate_identity(tls.peer_cert, name)
  else
    tls.post_connection_check(name)
  end
  request = "GET / HTTP/1.1\r\nHost: #{name}\r\n"
  request = way == "pipelines" ? "#{request}\r\n#{request}Connection: close\r\n\r\n" : "#{request}Connection: close\r\n\r\n"
  tls.write(request)
  answer = +""
  begin
    answer << tls.readpartial(4096) while true
  rescue EOFError
    nil
  end
  raise "the server answered #{answer[0, 40].inspect}" unless answer.start_with?("HTTP/1.1 200")
ensure
  tcp&.close
end

begin
  tries = 0
  begin
    fetch.call
  rescue StandardError
    tries += 1
    retry if way == "retries" && tries < 3
    raise
  end
rescue StandardError => e
  abort "#{e.class}: #{e.message}"
end
