/** With how many threads of connections servers are tested: `npm test` runs what tests whole servers with 1 and with 3. */
export const testedWorkers: number = Number(process.env["ROOMFUL_TEST_WORKERS"] ?? "1");
