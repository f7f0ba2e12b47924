/**
 * Under which names loggers write what Runnel keeps in columns; the first one that has a value of the expected type counts.
 * Described in docs/LOG-MEMBERS.md. A name with a dot is looked for as it stands, and as a member of an object.
 */
export const LOG_MEMBERS = {
  level: [
    'level',
    'severity',
    'log.level',
    'levelname',
    'level_name',
    'severityText',
    'severity_text',
    'loglevel',
    'logLevel',
    'lvl',
    '@l',
    '@level',
    'PRIORITY',
  ],
  message: ['message', 'msg', 'short_message', '@m', '@mt', '@message', 'MESSAGE', 'log'],
  service: [
    'service',
    'service.name',
    'service_name',
    'serviceName',
    'app',
    'application',
    'program',
    '_service',
    '_app',
    'SYSLOG_IDENTIFIER',
  ],
  time: [
    'timestamp',
    '@timestamp',
    'time',
    'ts',
    '@t',
    'timeMillis',
    '__REALTIME_TIMESTAMP',
    'instant',
    'date',
  ],
} as const

/** Members of a logfmt line in a message. */
export const LOGFMT_MEMBERS = {
  level: ['level', 'lvl', 'severity'],
  message: ['msg', 'message'],
  service: ['service', 'app'],
  time: ['time', 'ts', 'timestamp', 't'],
} as const
