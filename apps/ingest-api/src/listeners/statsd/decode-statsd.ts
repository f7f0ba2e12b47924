import { AppError, type Kind } from '@runnel/contracts'
import { readLines } from '../../formats/shared/read-lines.ts'
import { badEncoding, describeLost, readUtf8, refuse, type Item } from '../items.ts'
import type { Frame } from '../frame.ts'
import type { ListenerLimits } from '../settings.ts'
import { parseEvent, parseServiceCheck } from './parse-event.ts'
import { parseMetric } from './parse-metric.ts'

/** Lines of statsd, from a connection or a datagram: each is by itself. */
export function decodeStatsd(frame: Frame, limits: ListenerLimits): readonly Item[] {
  if (typeof frame === 'string') return [describeLost('metrics', frame, limits)]
  const text = readUtf8(frame)
  if (text !== undefined) return text.split('\n').flatMap(decodeLine)
  // What separates lines is ASCII: only the damaged ones are refused.
  return [...readLines(frame)].flatMap((line) => {
    if (line === undefined) return []
    return typeof line === 'string' ? decodeLine(line) : [badEncoding('metrics')]
  })
}

function decodeLine(text: string): readonly Item[] {
  const line = text.trim()
  if (line === '') return []
  const kind: Kind = line.startsWith('_e{') || line.startsWith('_sc|') ? 'logs' : 'metrics'
  try {
    return parseLine(line).map((parsed) => ({ kind, text: parsed }))
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [refuse(kind, error.code, error.message)]
  }
}

/** @throws AppError invalid_field */
function parseLine(line: string): string[] {
  if (line.startsWith('_e{')) return [parseEvent(line)]
  return line.startsWith('_sc|') ? [parseServiceCheck(line)] : parseMetric(line)
}
