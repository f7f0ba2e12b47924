import { Presets, SingleBar } from 'cli-progress'

/** How far something is: a bar for a person at a terminal, now and then a line for a log. */
export interface Progress {
  /** @param total as far as it is known by now */
  update(done: number, total: number, note?: string): void
  /** Ends the bar. */
  stop(): void
}

const LINE_EVERY_MS = 5000

/**
 * @param label what is under way
 * @param unit what is counted, e.g. `lines`
 * @param total as far as it is known at the start
 */
export function createProgress(
  stream: NodeJS.WriteStream,
  label: string,
  unit: string,
  total: number,
): Progress {
  return stream.isTTY ? createBar(stream, label, unit, total) : createLines(stream, label, unit)
}

function createBar(stream: NodeJS.WriteStream, label: string, unit: string, start: number): Progress {
  const format = `${label.slice(0, 32).padEnd(20)} {bar} {percentage}% | {value}/{total} ${unit} {note}`
  const bar = new SingleBar(
    { format, stream, fps: 10, hideCursor: true, barsize: 24, clearOnComplete: true, gracefulExit: false },
    Presets.shades_classic,
  )
  bar.start(Math.max(1, start), 0, { note: '' })
  return {
    update: (done, total, note = '') => {
      bar.setTotal(Math.max(1, total, done))
      bar.update(done, { note: note === '' ? '' : `| ${note}` })
    },
    stop: () => bar.stop(),
  }
}

/** The first line comes after a while: what is done at once needs none. */
function createLines(stream: NodeJS.WriteStream, label: string, unit: string): Progress {
  let lastMs = performance.now()
  return {
    update: (done, total, note = '') => {
      if (performance.now() - lastMs < LINE_EVERY_MS) return
      lastMs = performance.now()
      stream.write(`${label}: ${done}/${Math.max(total, done)} ${unit}${note === '' ? '' : `, ${note}`}\n`)
    },
    stop: () => undefined,
  }
}
