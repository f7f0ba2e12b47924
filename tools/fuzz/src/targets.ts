import { exposition, gateway } from './targets/answers.ts'
import { bodies } from './targets/bodies.ts'
import { changeNotices, envelopes, notices, raw, rows } from './targets/broker.ts'
import { headers, items, keys } from './targets/headers.ts'
import { cursors, lastEventIds } from './targets/cursors.ts'
import { filters, products } from './targets/filters.ts'
import { csv, ndjson } from './targets/imports.ts'
import { influx } from './targets/influx.ts'
import { judge } from './targets/judge.ts'
import { json, syntax, timestamps } from './targets/json.ts'
import { otlpLogs, otlpMetrics, otlpTraces } from './targets/otlp.ts'
import { bulk } from './targets/bulk.ts'
import { lokiJson, lokiProtobuf } from './targets/loki.ts'
import { logQueries } from './targets/log-queries.ts'
import { listeners } from './targets/listeners.ts'
import { templates } from './targets/templates.ts'
import { remoteRead, remoteWrite } from './targets/prometheus.ts'
import { cloudEvents, gelf, hec, journald } from './targets/wire-formats.ts'

/** Every parser that reads what others send. */
export const TARGETS = [
  ...[
    json,
    syntax,
    timestamps,
    bodies,
    judge,
    envelopes,
    raw,
    ...headers,
    keys,
    items,
    ...rows,
    notices,
    changeNotices,
    cursors,
    lastEventIds,
  ],
  ...[gelf, cloudEvents, hec, journald, remoteWrite, remoteRead, influx],
  ...[otlpLogs, otlpMetrics, otlpTraces],
  ...[bulk, lokiJson, lokiProtobuf],
  ...listeners,
  ...[csv, ndjson, filters, logQueries, products, templates, exposition, gateway],
]
