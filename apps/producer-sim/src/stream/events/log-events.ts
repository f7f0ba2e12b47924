import { pick, pickByShare, type Random } from '../../load/random.ts'
import type { EventMaker } from './event-maker.ts'
import { LOG_TEMPLATES, type Level } from './log-templates.ts'

interface LevelShare {
  readonly level: Level
  readonly share: number
}

/** As in a healthy house. */
const LEVELS: readonly [LevelShare, ...LevelShare[]] = [
  { level: 'info', share: 0.8 },
  { level: 'debug', share: 0.1 },
  { level: 'warn', share: 0.08 },
  { level: 'error', share: 0.02 },
]

/** Logs of a small shop: five services, ids in the messages and beside them. */
export function createLogEvents(random: Random): EventMaker {
  return (atMs) => {
    const { level } = pickByShare(random, LEVELS)
    const { service, write } = pick(random, LOG_TEMPLATES[level])
    const { message, attributes } = write(random)
    const traceId = Array.from({ length: 4 }, () => word(random)).join('')
    return {
      level,
      message,
      service,
      timestamp: new Date(atMs).toISOString(),
      attributes: { ...attributes, traceId },
    }
  }
}

/** Eight hexadecimal digits. */
function word(random: Random): string {
  return Math.floor(random() * 2 ** 32)
    .toString(16)
    .padStart(8, '0')
}
