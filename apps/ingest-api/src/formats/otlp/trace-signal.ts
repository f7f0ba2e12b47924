import { AppError } from '@runnel/contracts'
import { ExportTraceServiceRequestSchema } from '@runnel/wire/opentelemetry/collector/trace/v1/trace_service'
import { ResourceSpansSchema, ScopeSpansSchema } from '@runnel/wire/opentelemetry/trace/v1/trace'
import type { OtlpSignal } from './signal.ts'

const NOT_STORED = 'Spans are not stored'

/** Exporters of logs mostly send traces too: they are answered once and for all, rather than refused each time. */
export const traceSignal: OtlpSignal = {
  url: '/v1/traces',
  access: 'logs:write',
  summary: 'Spans of OpenTelemetry (OTLP/HTTP): taken, counted as refused, and not stored',
  kind: 'logs',
  resources: ExportTraceServiceRequestSchema.field.resourceSpans,
  resourceContainer: ResourceSpansSchema,
  scopes: ResourceSpansSchema.field.scopeSpans,
  scopeContainer: ScopeSpansSchema,
  records: ScopeSpansSchema.field.spans,
  response: { rejectedName: 'rejectedSpans', recordsName: 'spans', notStored: NOT_STORED },
  openRecords: (_source, spans) => [
    {
      items: spans,
      toEvents: () => {
        throw new AppError('invalid_field', NOT_STORED)
      },
    },
  ],
}
