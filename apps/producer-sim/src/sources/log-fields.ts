import { parseTimestamp } from '@runnel/contracts'

/** What a log line says about itself. Only what is certain: a member is missing rather than guessed. */
export interface LogFields {
  readonly timestamp?: string
  readonly level?: string
  readonly service?: string
}

const LEVEL = 'TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|CRITICAL|FATAL|ALERT|EMERG'
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** `[Sun Dec 04 04:47:44 2005] [notice] ...` */
const APACHE = new RegExp(
  String.raw`^\[\w{3} (\w{3}) (\d\d) (\d\d:\d\d:\d\d(?:\.\d+)?) (\d{4})\] \[(${LEVEL})\] `,
  'i',
)

/** `081109 203615 148 INFO dfs.DataNode$PacketResponder: ...` */
const HDFS = new RegExp(String.raw`^(\d\d)(\d\d)(\d\d) (\d\d)(\d\d)(\d\d) \d+ (${LEVEL}) ([\w.$-]+): `)

/** `2017-05-16 00:00:00.008 25746 INFO nova.wsgi ...`, also behind the name of the file it was collected from. */
const OSLO = new RegExp(
  String.raw`^(?:\S+\.log\S* )?(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d+) \d+ (${LEVEL}) ([\w.-]+) `,
)

/** `2024-05-01T10:00:00.123Z INFO checkout: ...`, the level also in brackets, the service optional. */
const ISO = new RegExp(
  String.raw`^(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?) \[?(${LEVEL})\]? (?:([\w.$-]+): )?`,
)

type Reader = (line: string) => LogFields | undefined

const readApache: Reader = (line) => {
  const [, month = '', day, time, year, level] = APACHE.exec(line) ?? []
  const number = MONTHS.indexOf(month) + 1
  if (number === 0) return undefined
  return fields(`${year}-${String(number).padStart(2, '0')}-${day}T${time}Z`, level)
}

const readHdfs: Reader = (line) => {
  const match = HDFS.exec(line)
  if (!match) return undefined
  const [, year, month, day, hour, minute, second, level, service] = match
  return fields(`20${year}-${month}-${day}T${hour}:${minute}:${second}Z`, level, service)
}

const readOslo: Reader = (line) => {
  const match = OSLO.exec(line)
  if (!match) return undefined
  const [, date, time, level, service] = match
  return fields(`${date}T${time}Z`, level, service)
}

const readIso: Reader = (line) => {
  const [, time, level, service] = ISO.exec(line) ?? []
  return time === undefined ? undefined : fields(time, level, service)
}

const READERS: readonly Reader[] = [readApache, readHdfs, readOslo, readIso]

/** Reads time (UTC where the line names no zone), level (lower case) and service of the formats known above. */
export function recogniseLogFields(line: string): LogFields {
  for (const read of READERS) {
    const found = read(line)
    if (found) return found
  }
  return {}
}

function fields(timestamp: string, level?: string, service?: string): LogFields {
  return {
    ...(parseTimestamp(timestamp) !== undefined && { timestamp }),
    ...(level !== undefined && { level: level.toLowerCase() }),
    ...(service !== undefined && { service }),
  }
}
