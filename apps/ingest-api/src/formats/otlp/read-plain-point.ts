import { FieldReader } from '@runnel/wire/field-reader'
import { timeOfHalves } from '../shared/time-of-nanos.ts'
import type { MetricHead } from './metric-head.ts'
import { PlainMembers } from './plain-members.ts'
import { writePointText } from './point-text.ts'
import { writeDouble } from './row-value.ts'
import type { RecordEvents } from './signal.ts'
import { joinTags } from './write-attributes.ts'

/** Tags of the fields of NumberDataPoint. */
const START_TIME = 0x11
const TIME = 0x19
const AS_DOUBLE = 0x21
const AS_INT = 0x31
const ATTRIBUTES = 0x3a

const HALF = 0x1_0000_0000

/**
 * A point of a gauge or a sum as most are: attributes that are scalars, and a number that is exact as a double. Its text is written without
 * making a message of it.
 *
 * @returns undefined of any other point, also of one that is malformed: it has to be read as a message
 */
export function readPlainPoint(bytes: Uint8Array, head: MetricHead): RecordEvents | undefined {
  try {
    return readFields(new FieldReader(bytes), head)
  } catch {
    return undefined
  }
}

function readFields(reader: FieldReader, head: MetricHead): RecordEvents | undefined {
  const members = new PlainMembers(head.origin.written.names)
  let [timeLow, timeHigh, startLow, startHigh] = [0, 0, 0, 0]
  let value: number | undefined
  while (reader.pos < reader.len) {
    switch (reader.nextTag()) {
      case START_TIME:
        startLow = reader.fixed32()
        startHigh = reader.fixed32()
        break
      case TIME:
        timeLow = reader.fixed32()
        timeHigh = reader.fixed32()
        break
      case AS_DOUBLE:
        value = reader.double()
        if (!Number.isFinite(value)) return undefined
        break
      case AS_INT: {
        const low = reader.fixed32()
        value = reader.sfixed32() * HALF + low
        if (!Number.isSafeInteger(value)) return undefined
        break
      }
      case ATTRIBUTES:
        if (!members.add(reader)) return undefined
        break
      default:
        return undefined
    }
  }
  if (value === undefined) return undefined
  const timestamp = timeOfHalves(timeLow, timeHigh)
  const tags = joinTags(head.origin, members.text)
  const { json, isPlain } = writePointText(tags, timestamp, timeOfHalves(startLow, startHigh), head)
  const text = `{"data":${head.name}"${writeDouble(value)}${head.unit}${json}${head.end}}}`
  return { events: [{ text, isPlain }], hasTime: timestamp !== undefined }
}
