// The client as `roomful join` has it, with a fault on demand: `screen.ts join …`.
process.on("SIGUSR2", () => {
  throw new Error("This fault is the test's");
});
await import("../../src/cli.ts");
