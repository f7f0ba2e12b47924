import { AppError, type Kind } from '@runnel/contracts'
import { badEncoding, describeLost, readUtf8, refuse, type Item } from '../items.ts'
import type { Frame } from '../frame.ts'
import type { ListenerLimits } from '../settings.ts'
import { parseEvent, parseServiceCheck } from './parse-event.ts'
import { parseMetric } from './parse-metric.ts'

/** Lines of statsd, from a connection or a datagram: each is by itself. */
export function decodeStatsd(frame: Frame, limits: ListenerLimits): readonly Item[] {
  if (typeof frame === 'string') return [describeLost('metrics', frame, limits)]
  const text = readUtf8(frame)
  // What separates lines is ASCII: only the damaged ones are refused.
  if (text === undefined) return splitLines(frame).flatMap((line) => decodeLine(readUtf8(line)))
  return text.split('\n').flatMap(decodeLine)
}

function decodeLine(text: string | undefined): readonly Item[] {
  if (text === undefined) return [badEncoding('metrics')]
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

function splitLines(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const lf = bytes.indexOf(0x0a, at)
    const end = lf < 0 ? bytes.length : lf
    lines.push(bytes.subarray(at, end))
    at = end + 1
  }
  return lines
}
