import { echoed, type OutgoingMessage } from "./message.ts";

/** The text is the caller's to give. */
const given = undefined;
/** There may be one. */
const optional = false;
/** There is no text. */
const none = null;

/**
 * By name: the code, what follows the client's nick, and the text. A name with dots before it stands for as many
 * parameters as there are. From https://modern.ircdocs.horse/#numerics, and what is not there from the IRCv3
 * specifications of monitor, WHOX, bot mode, channel-rename, metadata and SASL 3.1; those of SILENCE from ircu.
 */
const table = {
  RPL_WELCOME: ["001", [], given],
  RPL_YOURHOST: ["002", [], given],
  RPL_CREATED: ["003", [], given],
  RPL_MYINFO: ["004", ["server", "version", "user modes", "channel modes", "modes with a parameter"], none],
  RPL_ISUPPORT: ["005", ["...tokens"], "are supported by this server"],
  RPL_STATSCOMMANDS: ["212", ["command", "count"], none],
  RPL_ENDOFSTATS: ["219", ["letter"], "End of /STATS report"],
  RPL_UMODEIS: ["221", ["modes"], none],
  RPL_STATSUPTIME: ["242", [], given],
  RPL_LUSERCLIENT: ["251", [], given],
  RPL_LUSEROP: ["252", ["operators"], "operator(s) online"],
  RPL_LUSERUNKNOWN: ["253", ["connections"], "unknown connection(s)"],
  RPL_LUSERCHANNELS: ["254", ["channels"], "channels formed"],
  RPL_LUSERME: ["255", [], given],
  RPL_ADMINME: ["256", ["server"], "Administrative info"],
  RPL_ADMINLOC1: ["257", [], given],
  RPL_ADMINLOC2: ["258", [], given],
  RPL_ADMINEMAIL: ["259", [], given],
  RPL_TRYAGAIN: ["263", ["command"], "Please wait a while and try again."],
  RPL_LOCALUSERS: ["265", ["users", "most"], given],
  RPL_GLOBALUSERS: ["266", ["users", "most"], given],
  RPL_SILELIST: ["271", ["nick", "mask"], none],
  RPL_ENDOFSILELIST: ["272", ["nick"], "End of Silence List"],
  RPL_WHOISCERTFP: ["276", ["nick"], given],
  RPL_AWAY: ["301", ["nick"], given],
  RPL_USERHOST: ["302", [], given],
  RPL_ISON: ["303", [], given],
  RPL_UNAWAY: ["305", [], "You are no longer marked as being away"],
  RPL_NOWAWAY: ["306", [], "You have been marked as being away"],
  RPL_WHOISREGNICK: ["307", ["nick"], "has identified for this nick"],
  RPL_WHOISUSER: ["311", ["nick", "user", "host", "*"], given],
  RPL_WHOISSERVER: ["312", ["nick", "server"], given],
  RPL_WHOISOPERATOR: ["313", ["nick"], "is an IRC operator"],
  RPL_WHOWASUSER: ["314", ["nick", "user", "host", "*"], given],
  RPL_ENDOFWHO: ["315", ["mask"], "End of WHO list"],
  RPL_WHOISIDLE: ["317", ["nick", "seconds", "since"], "seconds idle, signon time"],
  RPL_ENDOFWHOIS: ["318", ["nick"], "End of /WHOIS list"],
  RPL_WHOISCHANNELS: ["319", ["nick"], given],
  RPL_WHOISSPECIAL: ["320", ["nick"], given],
  RPL_LISTSTART: ["321", ["Channel"], "Users  Name"],
  RPL_LIST: ["322", ["channel", "members"], given],
  RPL_LISTEND: ["323", [], "End of /LIST"],
  RPL_CHANNELMODEIS: ["324", ["channel", "...modes"], none],
  RPL_CREATIONTIME: ["329", ["channel", "at"], none],
  RPL_WHOISACCOUNT: ["330", ["nick", "account"], "is logged in as"],
  RPL_NOTOPIC: ["331", ["channel"], "No topic is set"],
  RPL_TOPIC: ["332", ["channel"], given],
  RPL_TOPICWHOTIME: ["333", ["channel", "who", "at"], none],
  RPL_WHOISBOT: ["335", ["nick"], given],
  RPL_INVITELIST: ["336", ["channel"], none],
  RPL_ENDOFINVITELIST: ["337", [], "End of /INVITE list"],
  RPL_WHOISACTUALLY: ["338", ["nick", "user@host", "address"], "Is actually using host"],
  RPL_INVITING: ["341", ["nick", "channel"], none],
  RPL_INVEXLIST: ["346", ["channel", "mask", "who", "at"], none],
  RPL_ENDOFINVEXLIST: ["347", ["channel"], "End of Channel Invite Exception List"],
  RPL_EXCEPTLIST: ["348", ["channel", "mask", "who", "at"], none],
  RPL_ENDOFEXCEPTLIST: ["349", ["channel"], "End of channel exception list"],
  RPL_VERSION: ["351", ["version", "server"], given],
  RPL_WHOREPLY: ["352", ["channel", "user", "host", "server", "nick", "flags"], given],
  RPL_NAMREPLY: ["353", ["symbol", "channel"], given],
  RPL_WHOSPCRPL: ["354", ["...fields"], optional],
  RPL_LINKS: ["364", ["*", "server"], given],
  RPL_ENDOFLINKS: ["365", ["*"], "End of /LINKS list"],
  RPL_ENDOFNAMES: ["366", ["channel"], "End of /NAMES list"],
  RPL_BANLIST: ["367", ["channel", "mask", "who", "at"], none],
  RPL_ENDOFBANLIST: ["368", ["channel"], "End of channel ban list"],
  RPL_ENDOFWHOWAS: ["369", ["nick"], "End of WHOWAS"],
  RPL_INFO: ["371", [], given],
  RPL_MOTD: ["372", [], given],
  RPL_ENDOFINFO: ["374", [], "End of INFO list"],
  RPL_MOTDSTART: ["375", [], given],
  RPL_ENDOFMOTD: ["376", [], "End of /MOTD command."],
  RPL_WHOISHOST: ["378", ["nick"], given],
  RPL_WHOISMODES: ["379", ["nick"], given],
  RPL_YOUREOPER: ["381", [], "You are now an IRC operator"],
  RPL_REHASHING: ["382", ["file"], "Rehashing"],
  RPL_TIME: ["391", ["server", "at", "offset"], given],
  RPL_VISIBLEHOST: ["396", ["host"], "is now your visible host"],
  ERR_UNKNOWNERROR: ["400", ["command", "...subcommands"], given],
  ERR_NOSUCHNICK: ["401", ["nick"], "No such nick/channel"],
  ERR_NOSUCHSERVER: ["402", ["server"], "No such server"],
  ERR_NOSUCHCHANNEL: ["403", ["channel"], "No such channel"],
  ERR_CANNOTSENDTOCHAN: ["404", ["channel"], "Cannot send to channel"],
  ERR_TOOMANYCHANNELS: ["405", ["channel"], "You have joined too many channels"],
  ERR_WASNOSUCHNICK: ["406", ["nick"], "There was no such nickname"],
  ERR_TOOMANYTARGETS: ["407", ["target"], "Too many targets"],
  ERR_NOORIGIN: ["409", [], "No origin specified"],
  ERR_INVALIDCAPCMD: ["410", ["subcommand"], "Invalid CAP command"],
  ERR_NORECIPIENT: ["411", [], given],
  ERR_NOTEXTTOSEND: ["412", [], "No text to send"],
  ERR_INPUTTOOLONG: ["417", [], "Input line was too long"],
  ERR_UNKNOWNCOMMAND: ["421", ["command"], "Unknown command"],
  ERR_NOMOTD: ["422", [], "MOTD File is missing"],
  ERR_NONICKNAMEGIVEN: ["431", [], "No nickname given"],
  ERR_ERRONEUSNICKNAME: ["432", ["nick"], "Erroneous nickname"],
  ERR_NICKNAMEINUSE: ["433", ["nick"], "Nickname is already in use"],
  ERR_BANONCHAN: ["435", ["nick", "channel"], "Cannot change nickname while banned on channel"],
  ERR_NICKCOLLISION: ["436", ["nick"], "Nickname collision"],
  ERR_USERNOTINCHANNEL: ["441", ["nick", "channel"], "They aren't on that channel"],
  ERR_NOTONCHANNEL: ["442", ["channel"], "You're not on that channel"],
  ERR_USERONCHANNEL: ["443", ["nick", "channel"], "is already on channel"],
  ERR_SUMMONDISABLED: ["445", [], "SUMMON has been disabled"],
  ERR_USERSDISABLED: ["446", [], "USERS has been disabled"],
  ERR_NOTREGISTERED: ["451", [], "You have not registered"],
  ERR_NEEDMOREPARAMS: ["461", ["command"], "Not enough parameters"],
  ERR_ALREADYREGISTERED: ["462", [], "You may not reregister"],
  ERR_PASSWDMISMATCH: ["464", [], "Password incorrect"],
  ERR_YOUREBANNEDCREEP: ["465", [], given],
  ERR_INVALIDUSERNAME: ["468", [], "Your username is not valid"],
  ERR_LINKCHANNEL: ["470", ["channel", "new channel"], given],
  ERR_CHANNELISFULL: ["471", ["channel"], "Cannot join channel (+l)"],
  ERR_UNKNOWNMODE: ["472", ["mode"], "is unknown mode char to me"],
  ERR_INVITEONLYCHAN: ["473", ["channel"], "Cannot join channel (+i)"],
  ERR_BANNEDFROMCHAN: ["474", ["channel"], "Cannot join channel (+b)"],
  ERR_BADCHANNELKEY: ["475", ["channel"], "Cannot join channel (+k)"],
  ERR_BADCHANMASK: ["476", ["channel"], "Bad Channel Mask"],
  ERR_NEEDREGGEDNICK: ["477", ["channel"], "Cannot join channel (+R): you must be logged in"],
  ERR_BANLISTFULL: ["478", ["channel", "mode"], "Channel list is full"],
  ERR_NOPRIVILEGES: ["481", [], "Permission Denied- You're not an IRC operator"],
  ERR_CHANOPRIVSNEEDED: ["482", ["channel"], "You're not channel operator"],
  ERR_CANTKILLSERVER: ["483", [], "You cant kill a server!"],
  ERR_NOOPERHOST: ["491", [], "No O-lines for your host"],
  ERR_UMODEUNKNOWNFLAG: ["501", [], "Unknown MODE flag"],
  ERR_USERSDONTMATCH: ["502", [], "Cant change mode for other users"],
  ERR_SILELISTFULL: ["511", ["mask"], "Your silence list is full"],
  ERR_HELPNOTFOUND: ["524", ["subject"], "No help available on this topic"],
  ERR_INVALIDKEY: ["525", ["channel"], "Key is not well-formed"],
  RPL_WHOISSECURE: ["671", ["nick"], "is using a secure connection"],
  ERR_INVALIDMODEPARAM: ["696", ["target", "mode", "parameter"], given],
  RPL_HELPSTART: ["704", ["subject"], given],
  RPL_HELPTXT: ["705", ["subject"], given],
  RPL_ENDOFHELP: ["706", ["subject"], given],
  ERR_NOPRIVS: ["723", ["privilege"], "Insufficient oper privileges."],
  RPL_MONONLINE: ["730", [], given],
  RPL_MONOFFLINE: ["731", [], given],
  RPL_MONLIST: ["732", [], given],
  RPL_ENDOFMONLIST: ["733", [], "End of MONITOR list"],
  ERR_MONLISTFULL: ["734", ["limit", "targets"], "Monitor list is full."],
  RPL_WHOISKEYVALUE: ["760", ["target", "key", "visibility"], given],
  RPL_KEYVALUE: ["761", ["target", "key", "visibility"], given],
  RPL_KEYNOTSET: ["766", ["target", "key"], "key not set"],
  RPL_METADATASUBOK: ["770", ["...keys"], none],
  RPL_METADATAUNSUBOK: ["771", ["...keys"], none],
  RPL_METADATASUBS: ["772", ["...keys"], none],
  ERR_METADATASYNCLATER: ["774", ["target", "seconds"], none],
  RPL_LOGGEDIN: ["900", ["nick!user@host", "account"], given],
  RPL_LOGGEDOUT: ["901", ["nick!user@host"], "You are now logged out"],
  ERR_NICKLOCKED: ["902", [], "You must use a nick assigned to you"],
  RPL_SASLSUCCESS: ["903", [], "SASL authentication successful"],
  ERR_SASLFAIL: ["904", [], "SASL authentication failed"],
  ERR_SASLTOOLONG: ["905", [], "SASL message too long"],
  ERR_SASLABORTED: ["906", [], "SASL authentication aborted"],
  ERR_SASLALREADY: ["907", [], "You have already authenticated using SASL"],
  RPL_SASLMECHS: ["908", ["mechanisms"], "are available SASL mechanisms"],
} as const;

type Table = typeof table;
export type NumericName = keyof Table;

/** A string for each name of the table, and any number of them for one with dots. */
type ParamsFor<Names extends readonly string[]> = Names extends readonly [infer First, ...infer Rest]
  ? First extends `...${string}`
    ? readonly string[]
    : readonly [string, ...ParamsFor<Rest extends readonly string[] ? Rest : []>]
  : readonly [];

type TextFor<Text> = Text extends string | false ? [text?: string] : Text extends null ? [] : [text: string];

/**
 * The reply to `client` (a nick, or `*` for who has none), to which its sender adds source and tags. The types
 * know what each numeric takes: its parameters, and a text where it has none of its own. A parameter that cannot
 * be said back is `*`, as https://modern.ircdocs.horse/#errhelpnotfound-524 has it.
 */
export function numeric<Name extends NumericName>(
  name: Name,
  client: string,
  params: ParamsFor<Table[Name][1]>,
  ...[text]: TextFor<Table[Name][2]>
): OutgoingMessage {
  const [command, , standard] = table[name];
  return { command, params: [client, ...params.map(echoed)], text: text ?? (standard || undefined) };
}
