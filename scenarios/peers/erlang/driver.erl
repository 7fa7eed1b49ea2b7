%% Puts Erlang's ssl behind the protocol of docs/peer-drivers.md.
-module(driver).
-export([main/0]).

-define(PATIENCE, 3000).

main() ->
    {ok, _} = application:ensure_all_started(ssl),
    logger:set_primary_config(level, none),
    io:setopts(standard_io, [binary, {encoding, latin1}]),
    loop(#{seen => queue:new()}).

loop(State) ->
    case io:get_line(standard_io, "") of
        eof -> halt(0);
        Line ->
            {Order, _} = value(Line),
            #{<<"do">> := Verb, <<"id">> := Id} = Order,
            {Answer, Next} = obey(Verb, Order, State),
            io:put_chars(standard_io, [object(Answer#{id => Id}), $\n]),
            loop(Next)
    end.

obey(<<"hello">>, _, State) ->
    {ok, Version} = application:get_key(ssl, vsn),
    {#{event => <<"hello">>, protocol => 1, name => <<"erlang">>, version => list_to_binary(Version),
        roles => [<<"server">>, <<"client">>]}, State};
obey(<<"configure">>, #{<<"role">> := Role} = Order, State) ->
    #{Role := Settings} = Order,
    {#{event => <<"configured">>}, State#{settings => Settings}};
obey(<<"listen">>, _, #{settings := Settings} = State) ->
    case ssl:listen(0, server(Settings)) of
        {ok, Listener} ->
            {ok, {_, Port}} = ssl:sockname(Listener),
            Driver = self(),
            Acceptor = spawn(fun() -> accept(Listener, Settings, Driver) end),
            {#{event => <<"listening">>, port => Port}, State#{listener => Listener, acceptor => Acceptor}};
        {error, Reason} -> {#{event => <<"refused">>, reason => <<"other">>, detail => text(Reason)}, State}
    end;
obey(<<"observe">>, _, #{acceptor := Acceptor} = State) ->
    receive {seen, Acceptor, Answer} -> {Answer, State} end;
obey(<<"connect">>, #{<<"port">> := Port}, #{settings := Settings} = State) ->
    {connect(Port, Settings), State};
obey(<<"stop">>, _, State) ->
    case State of
        #{listener := Listener} -> ssl:close(Listener);
        _ -> ok
    end,
    {#{event => <<"stopped">>}, #{}};
obey(_, _, State) -> {#{event => <<"unsupported">>, reason => <<"the driver has no code for it">>}, State}.

%% --- Settings ---

common(#{<<"tls">> := Version} = Settings, Pool) ->
    [{versions, [maps:get(Version, #{<<"1.2">> => 'tlsv1.2', <<"1.3">> => 'tlsv1.3'})]},
        {active, false}, {mode, binary}, {packet, line}, {nodelay, true}]
        ++ identity(maps:get(<<"identity">>, Settings, null))
        ++ [{cacertfile, Pool} || Pool =/= null].

identity(null) -> [];
identity(#{<<"chain">> := Chain, <<"key">> := Key}) -> [{certfile, Chain}, {keyfile, Key}].

server(#{<<"mode">> := Mode} = Settings) ->
    %% TLS 1.3 alone knows no reuse_sessions, and its tickets are off by themselves.
    [{ip, {127, 0, 0, 1}}] ++ [{reuse_sessions, false} || maps:get(<<"tls">>, Settings) =:= <<"1.2">>]
        ++ common(Settings, maps:get(<<"clientCAs">>, Settings, null)) ++ mode(Mode).

mode(<<"NoClientCert">>) -> [{verify, verify_none}];
mode(<<"RequestClientCert">>) -> [{verify, verify_peer}, {fail_if_no_peer_cert, false}, any_certificate()];
mode(<<"RequireAnyClientCert">>) -> [{verify, verify_peer}, {fail_if_no_peer_cert, true}, any_certificate()];
mode(<<"VerifyClientCertIfGiven">>) -> [{verify, verify_peer}, {fail_if_no_peer_cert, false}];
mode(<<"RequireAndVerifyClientCert">>) -> [{verify, verify_peer}, {fail_if_no_peer_cert, true}].

any_certificate() ->
    {verify_fun, {fun(_, _, State) -> {valid, State} end, []}}.

client(#{<<"skipVerify">> := Skips} = Settings) ->
    Name = maps:get(<<"serverName">>, Settings, null),
    common(Settings, maps:get(<<"rootCAs">>, Settings, null))
        ++ [{server_name_indication, binary_to_list(Name)} || Name =/= null]
        ++ [{verify, case Skips of true -> verify_none; false -> verify_peer end}].

%% --- Connections ---

accept(Listener, Settings, Driver) ->
    case ssl:transport_accept(Listener) of
        {ok, Waiting} ->
            Answer = case ssl:handshake(Waiting, ?PATIENCE) of
                {ok, Socket} -> converse(Socket, true, Settings);
                {error, Reason} -> failed(Reason, <<"handshake">>)
            end,
            Driver ! {seen, self(), Answer},
            accept(Listener, Settings, Driver);
        {error, _} -> ok
    end.

connect(Port, Settings) ->
    case ssl:connect({127, 0, 0, 1}, Port, client(Settings), ?PATIENCE) of
        {ok, Socket} -> converse(Socket, false, Settings);
        {error, {options, _} = Reason} -> failed(Reason, <<"configuration">>);
        {error, Reason} -> failed(Reason, <<"handshake">>)
    end.

converse(Socket, IsServer, Settings) ->
    %% A connection that the peer has refused by now tells nothing of itself, and the next read says why.
    Facts = try facts(Socket, IsServer, Settings) catch error:{badmatch, _} -> #{} end,
    Said = case IsServer of
        true -> first_error(ssl:send(Socket, <<"hello\n">>), fun() -> ssl:recv(Socket, 0, ?PATIENCE) end);
        false ->
            case ssl:recv(Socket, 0, ?PATIENCE) of
                {ok, _} -> ssl:send(Socket, <<"hello yourself\n">>);
                Error -> Error
            end
    end,
    Answer = case Said of
        {error, Reason} -> failed(Reason, <<"first-read">>);
        _ -> Facts#{event => <<"connection">>, accepted => true, alertSent => null, alertReceived => null}
    end,
    ssl:close(Socket),
    Answer.

first_error(ok, Next) -> Next();
first_error(Error, _) -> Error.

facts(Socket, IsServer, Settings) ->
    {ok, Known} = ssl:connection_information(Socket, [protocol, sni_hostname]),
    Verifies = case Settings of
        #{<<"mode">> := Mode} -> lists:member(Mode, [<<"VerifyClientCertIfGiven">>, <<"RequireAndVerifyClientCert">>]);
        #{<<"skipVerify">> := Skips} -> not Skips
    end,
    {Received, IsVerified} = case ssl:peercert(Socket) of
        {ok, Der} -> {#{sha256 => hexadecimal(crypto:hash(sha256, Der))}, Verifies};
        {error, _} -> {null, false}
    end,
    Facts = #{received => Received, verified => IsVerified,
        version => maps:get(proplists:get_value(protocol, Known), #{'tlsv1.2' => <<"1.2">>, 'tlsv1.3' => <<"1.3">>})},
    case {IsServer, proplists:get_value(sni_hostname, Known)} of
        {true, undefined} -> Facts#{sni => null};
        {true, Name} -> Facts#{sni => list_to_binary(Name)};
        {false, _} -> Facts
    end.

%% An alert's text says who sent it: “generated SERVER ALERT” or “received CLIENT ALERT”.
failed(Reason, Noticed) ->
    Answer = #{event => <<"connection">>, accepted => false, noticed => Noticed, detail => text(Reason)},
    case Reason of
        {tls_alert, {Name, Words}} ->
            case string:find(Words, "received") of
                nomatch -> Answer#{alertSent => alert(Name), alertReceived => null};
                _ -> Answer#{alertReceived => alert(Name), alertSent => null}
            end;
        _ -> Answer
    end.

alert(Name) -> atom_to_binary(Name).

text(Reason) -> unicode:characters_to_binary(io_lib:format("~0p", [Reason])).

hexadecimal(Bytes) -> list_to_binary([io_lib:format("~2.16.0b", [Byte]) || <<Byte>> <= Bytes]).

%% --- JSON ---

value(<<${, Rest/binary>>) -> members(blank(Rest), #{});
value(<<$[, Rest/binary>>) -> elements(blank(Rest), []);
value(<<$", Rest/binary>>) -> string(Rest, <<>>);
value(<<"true", Rest/binary>>) -> {true, Rest};
value(<<"false", Rest/binary>>) -> {false, Rest};
value(<<"null", Rest/binary>>) -> {null, Rest};
value(Text) ->
    {Number, Rest} = string:to_integer(Text),
    {Number, Rest}.

members(<<$}, Rest/binary>>, Map) -> {Map, Rest};
members(<<$,, Rest/binary>>, Map) -> members(blank(Rest), Map);
members(<<$", Rest/binary>>, Map) ->
    {Key, AfterKey} = string(Rest, <<>>),
    <<$:, AfterColon/binary>> = blank(AfterKey),
    {Value, Next} = value(blank(AfterColon)),
    members(blank(Next), Map#{Key => Value}).

elements(<<$], Rest/binary>>, All) -> {lists:reverse(All), Rest};
elements(<<$,, Rest/binary>>, All) -> elements(blank(Rest), All);
elements(Text, All) ->
    {Value, Next} = value(Text),
    elements(blank(Next), [Value | All]).

%% Paths and names have no other escapes than these.
string(<<$", Rest/binary>>, All) -> {All, Rest};
string(<<$\\, Byte, Rest/binary>>, All) -> string(Rest, <<All/binary, Byte>>);
string(<<Byte, Rest/binary>>, All) -> string(Rest, <<All/binary, Byte>>).

blank(<<Byte, Rest/binary>>) when Byte =< $\s -> blank(Rest);
blank(Text) -> Text.

object(Map) when is_map(Map) ->
    [${, lists:join($,, [[object(atom_to_binary(Key)), $:, object(Value)] || {Key, Value} <- maps:to_list(Map)]), $}];
object(List) when is_list(List) -> [$[, lists:join($,, [object(Value) || Value <- List]), $]];
object(Number) when is_integer(Number) -> integer_to_list(Number);
object(Word) when is_atom(Word) -> atom_to_list(Word);
object(Text) -> [$", [escaped(Byte) || <<Byte>> <= Text], $"].

escaped($") -> "\\\"";
escaped($\\) -> "\\\\";
escaped(Byte) when Byte < 32; Byte > 126 -> io_lib:format("\\u~4.16.0b", [Byte]);
escaped(Byte) -> Byte.
