import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fitted, line, readSweep, type SweepData } from "../sweeps/data.ts";
import { type Chart, type Line, svgOf } from "./chart.ts";

/** In the project. */
const pictureFolder = "docs/pictures";

const own: Pick<Line, "color"> = { color: "blue" };
const peer: Pick<Line, "color"> = { color: "orange" };
const megabyte = 1e6;

interface Picture {
  /** Its file is `bench-<name>.svg`. */
  readonly name: string;
  /** Whose numbers it shows. */
  readonly sweep: string;
  readonly chart: (data: SweepData) => Chart;
}

/** Lines of one figure, of Roomful and of InspIRCd where it was measured. */
function beside(data: SweepData, figure: string): readonly Line[] {
  return [
    { label: "Roomful", ...own, points: line(data, "Roomful", figure) },
    { label: "InspIRCd", ...peer, points: line(data, "InspIRCd", figure) },
  ];
}

function latencies(data: SweepData): readonly Line[] {
  return [
    { label: "Roomful p99", ...own, points: line(data, "Roomful", "p99Ms") },
    { label: "Roomful p50", ...own, isDashed: true, points: line(data, "Roomful", "p50Ms") },
    { label: "InspIRCd p99", ...peer, points: line(data, "InspIRCd", "p99Ms") },
    { label: "InspIRCd p50", ...peer, isDashed: true, points: line(data, "InspIRCd", "p50Ms") },
  ];
}

function perConnection(data: SweepData, series: string, figure: string): string {
  const points = line(data, series, figure);
  return points.length < 2 ? "" : ` (${Math.round(fitted(points).slope)} bytes each)`;
}

function megabytes(data: SweepData, series: string, figure: string): Line["points"] {
  return line(data, series, figure).map(([x, y]) => [x, y / megabyte] as const);
}

const readersAxis = { label: "readers", scale: "log" } as const;

const pictures: readonly Picture[] = [
  {
    name: "readers",
    sweep: "readers",
    chart: (data) => ({
      title: "Deliveries per CPU second, by readers",
      subtitle: "flood: 4 speak, 8 messages of 64 bytes under way each; higher is better",
      x: readersAxis,
      y: { label: "deliveries per CPU second", scale: "linear" },
      lines: beside(data, "deliveriesPerCpuSecond"),
    }),
  },
  {
    name: "latency",
    sweep: "latency",
    chart: (data) => ({
      title: "Delivery latency, by readers",
      subtitle: "from sending to arrival, over all readers; 5 messages a second; lower is better",
      x: readersAxis,
      y: { label: "milliseconds", scale: "log" },
      lines: latencies(data),
    }),
  },
  {
    name: "rate-cpu",
    sweep: "rate",
    chart: (data) => ({
      title: "CPU per delivery, by message rate",
      subtitle: "1000 readers; lower is better",
      x: { label: "messages per second", scale: "log" },
      y: { label: "CPU µs per delivery", scale: "log" },
      lines: beside(data, "cpuUsPerDelivery"),
    }),
  },
  {
    name: "rate-latency",
    sweep: "rate",
    chart: (data) => ({
      title: "Delivery latency, by message rate",
      subtitle: "from sending to arrival, over all of 1000 readers; lower is better",
      x: { label: "messages per second", scale: "log" },
      y: { label: "milliseconds", scale: "log" },
      lines: latencies(data),
    }),
  },
  {
    name: "length",
    sweep: "length",
    chart: (data) => ({
      title: "CPU per delivery, by message length",
      subtitle: "flood to 1000 readers; a line of IRC ends at 512 bytes; lower is better",
      x: { label: "bytes of text in a message", scale: "log", ticks: [40, 100, 200, 400, 1000, 2000] },
      y: { label: "CPU µs per delivery", scale: "linear" },
      lines: beside(data, "cpuUsPerDelivery"),
    }),
  },
  {
    name: "workers",
    sweep: "workers",
    chart: (data) => ({
      title: "CPU per delivery, by thread",
      subtitle:
        "1000 readers; all threads on one core; with 1 worker the deciding thread holds the connections",
      x: { label: "workers (threads that hold connections)", scale: "linear", ticks: [1, 2, 3, 4, 8] },
      y: { label: "CPU µs per delivery", scale: "log" },
      lines: [
        { label: "100 messages/s, all", color: "green", points: line(data, "Roomful, paced", "total") },
        { label: "flood, all", ...own, points: line(data, "Roomful", "total") },
        { label: "its journal", color: "purple", points: line(data, "Roomful", "journal") },
        {
          label: "its deciding",
          color: "orange",
          points: line(data, "Roomful", "main").filter(([x]) => x > 1),
        },
      ],
    }),
  },
  {
    name: "speakers",
    sweep: "speakers",
    chart: (data) => ({
      title: "CPU per delivery, with four speakers and with all",
      subtitle:
        "flood: as many messages under way as readers, from 4 of them or one from each; lower is better",
      x: readersAxis,
      y: { label: "CPU µs per delivery", scale: "log" },
      lines: [
        { label: "4 speak", ...own, points: line(data, "4 speak", "cpuUsPerDelivery") },
        {
          label: "all speak",
          color: "green",
          points: line(data, "everybody speaks", "cpuUsPerDelivery"),
        },
      ],
    }),
  },
  {
    name: "churn",
    sweep: "churn",
    chart: (data) => ({
      title: "Joining and leaving, by people in the room",
      subtitle:
        "500 join at once, then leave; CPU until all others are told, time until they are in; lower is better",
      x: { label: "people in the room before", scale: "linear" },
      y: { label: "µs per person", scale: "linear" },
      lines: [
        { label: "joining, CPU", ...own, points: line(data, "Roomful", "cpuUsPerJoin") },
        { label: "joining, time", ...own, isDashed: true, points: line(data, "Roomful", "usPerJoin") },
        { label: "leaving, CPU", color: "green", points: line(data, "Roomful", "cpuUsPerLeave") },
      ],
    }),
  },
  {
    name: "memory",
    sweep: "memory",
    chart: (data) => ({
      title: "Memory of idle connections",
      subtitle:
        "growth while they come in; the kernel's is that of both ends, of the server's and of the load's",
      x: { label: "connections", scale: "linear" },
      y: { label: "MB", scale: "linear" },
      lines: [
        {
          label: `Roomful${perConnection(data, "Roomful", "bytes")}`,
          ...own,
          points: megabytes(data, "Roomful", "bytes"),
        },
        {
          label: `InspIRCd${perConnection(data, "InspIRCd", "bytes")}`,
          ...peer,
          points: megabytes(data, "InspIRCd", "bytes"),
        },
        {
          label: `kernel${perConnection(data, "Roomful", "kernelBytes")}`,
          color: "grey",
          isDashed: true,
          points: megabytes(data, "Roomful", "kernelBytes"),
        },
      ],
    }),
  },
  {
    name: "history",
    sweep: "history",
    chart: (data) => ({
      title: "Start-up and history, by messages stored",
      subtitle:
        "to the first answer to a newcomer; then that one's first pages of 500 messages; lower is better",
      x: { label: "messages in the store", scale: "log" },
      y: { label: "milliseconds", scale: "log" },
      lines: [
        { label: "start", ...own, points: line(data, "Roomful", "startMs") },
        { label: "newest page", color: "orange", points: line(data, "Roomful", "newestMs") },
        { label: "page in the middle", color: "green", points: line(data, "Roomful", "middleMs") },
        { label: "oldest page", color: "purple", points: line(data, "Roomful", "oldestMs") },
      ],
    }),
  },
];

/** Draws all pictures whose numbers are there; returns their files' names. */
export function drawCharts(project: string): readonly string[] {
  const folder = join(project, pictureFolder);
  mkdirSync(folder, { recursive: true });
  return pictures.flatMap(({ name, sweep, chart }) => {
    const data = readSweep(project, sweep);
    if (data === undefined) return [];
    const drawn = chart(data);
    const lines = drawn.lines.filter(({ points }) => points.length > 0);
    const file = `bench-${name}.svg`;
    writeFileSync(join(folder, file), svgOf({ ...drawn, lines }));
    return [file];
  });
}
