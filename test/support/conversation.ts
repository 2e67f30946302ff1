/** Somebody in the conversation, whatever the door. */
export interface Person {
  says(line: string): void;
  /** Resolves when this text has been shown so many times. */
  sees(text: string, times?: number): Promise<void>;
  /** Resolves when this person is out. */
  out(): Promise<void>;
}

export interface People<P extends Person> {
  readonly alice: P;
  readonly bob: P;
  readonly charlie: P;
}

/** The classic conversation has no history to begin with. */
export const conversationSettings = { joinHistory: 0 };

const everybody = "Online Users (3): Alice, Bob, Charlie";

/** Alice, Bob and Charlie come in by `enter` and talk. Each waits for what he answers, so all see one order. */
export async function holdConversation<P extends Person>(
  enter: (name: string) => Promise<P>,
): Promise<People<P>> {
  const alice = await enter("Alice");
  const bob = await enter("Bob");
  await alice.sees("Bob has joined the chat");
  alice.says("Hello Bob!");
  await bob.sees("Alice: Hello Bob!");
  bob.says("Hi Alice! How are you?");
  await alice.sees("Bob: Hi Alice! How are you?");
  const charlie = await enter("Charlie");
  await alice.sees("Charlie has joined the chat");
  await bob.sees("Charlie has joined the chat");
  alice.says("/pm Bob This is a private message");
  await bob.sees("[PM from Alice] This is a private message");
  await alice.sees("[PM to Bob] This is a private message");
  bob.says("/pm Alice Got your message, thanks!");
  await alice.sees("[PM from Bob] Got your message, thanks!");
  await bob.sees("[PM to Alice] Got your message, thanks!");
  charlie.says("Hi everyone!");
  await alice.sees("Charlie: Hi everyone!");
  await bob.sees("Charlie: Hi everyone!");
  alice.says("Welcome Charlie!");
  await bob.sees("Alice: Welcome Charlie!");
  await charlie.sees("Alice: Welcome Charlie!");
  bob.says("Hey Charlie!");
  await alice.sees("Bob: Hey Charlie!");
  await charlie.sees("Bob: Hey Charlie!");
  charlie.says("/list");
  await charlie.sees(everybody, 2);
  alice.says("/list");
  await alice.sees(everybody);
  bob.says("/quit");
  await bob.out();
  await alice.sees("Bob has left the chat");
  await charlie.sees("Bob has left the chat");
  return { alice, bob, charlie };
}

const rule = "=".repeat(50);

function greeting(name: string, online: string): readonly string[] {
  const welcome = [rule, `Welcome to the chat server, ${name}!`, "Type '/help' for commands", rule, ""];
  return [...welcome, rule, online, rule];
}

/** What each is shown, times as `T`; what he typed himself stands after `You: `. */
export const views: Readonly<Record<keyof People<Person>, readonly string[]>> = {
  alice: [
    ...greeting("Alice", "Online Users (1): Alice"),
    "T [SYSTEM] Bob has joined the chat",
    "You: Hello Bob!",
    "T Bob: Hi Alice! How are you?",
    "T [SYSTEM] Charlie has joined the chat",
    "You: /pm Bob This is a private message",
    "T [PM to Bob] This is a private message",
    "T [PM from Bob] Got your message, thanks!",
    "T Charlie: Hi everyone!",
    "You: Welcome Charlie!",
    "T Bob: Hey Charlie!",
    "You: /list",
    rule,
    everybody,
    rule,
    "T [SYSTEM] Bob has left the chat",
  ],
  bob: [
    ...greeting("Bob", "Online Users (2): Alice, Bob"),
    "T Alice: Hello Bob!",
    "You: Hi Alice! How are you?",
    "T [SYSTEM] Charlie has joined the chat",
    "T [PM from Alice] This is a private message",
    "You: /pm Alice Got your message, thanks!",
    "T [PM to Alice] Got your message, thanks!",
    "T Charlie: Hi everyone!",
    "T Alice: Welcome Charlie!",
    "You: Hey Charlie!",
    "You: /quit",
  ],
  charlie: [
    ...greeting("Charlie", everybody),
    "You: Hi everyone!",
    "T Alice: Welcome Charlie!",
    "T Bob: Hey Charlie!",
    "You: /list",
    rule,
    everybody,
    rule,
    "T [SYSTEM] Bob has left the chat",
  ],
};

/** What the console shows of it, addresses as `ADDRESS`. */
export const consoleView: readonly string[] = [
  "[INFO] New connection attempt from ADDRESS",
  "T [JOIN] Alice joined from ADDRESS",
  "[INFO] Active clients: 1",
  "[INFO] New connection attempt from ADDRESS",
  "T [JOIN] Bob joined from ADDRESS",
  "[INFO] Active clients: 2",
  "T [BROADCAST] Alice: Hello Bob!",
  "T [BROADCAST] Bob: Hi Alice! How are you?",
  "[INFO] New connection attempt from ADDRESS",
  "T [JOIN] Charlie joined from ADDRESS",
  "[INFO] Active clients: 3",
  "T [PM] Alice -> Bob: This is a private message",
  "T [PM] Bob -> Alice: Got your message, thanks!",
  "T [BROADCAST] Charlie: Hi everyone!",
  "T [BROADCAST] Alice: Welcome Charlie!",
  "T [BROADCAST] Bob: Hey Charlie!",
  "T [LEAVE] Bob left the chat",
  "[INFO] Active clients: 2",
];
