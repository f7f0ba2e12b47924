import { AppError } from '@runnel/contracts'
import { mapGelf } from '../../formats/gelf/map-gelf.ts'
import { readRecord } from '../../formats/shared/map-records.ts'
import type { Frame } from '../frame.ts'
import { badEncoding, describeLost, readUtf8, refuse, type Item } from '../items.ts'
import type { ListenerLimits } from '../settings.ts'

/** A message of GELF, as JSON. @returns nothing for a blank one */
export function decodeGelf(frame: Frame, limits: ListenerLimits): readonly Item[] {
  if (typeof frame === 'string') return [describeLost('logs', frame, limits)]
  const text = readUtf8(frame)
  if (text === undefined) return [badEncoding('logs')]
  if (text.trim() === '') return []
  try {
    const log = mapGelf(readRecord(text, { eventLimitBytes: limits.frameBytes }))
    return [{ kind: 'logs', text: JSON.stringify(log) }]
  } catch (error) {
    if (!(error instanceof AppError)) throw error
    return [refuse('logs', error.code, error.message)]
  }
}
