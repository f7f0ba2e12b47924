import type { Generated } from 'kysely'

/** Tables of spans and of what is counted of them. */
export interface TraceSchema {
  span: SpanTable
  operation_minute: OperationMinuteTable
  edge_minute: EdgeMinuteTable
  open_edge: OpenEdgeTable
}

interface SpanTable {
  id: string
  received_at: Date
  /** To the microsecond; `data` has the nanoseconds. */
  started_at: Date
  duration_ns: number
  /** Sixteen bytes, as a uuid. */
  trace_id: string
  span_id: string
  parent_span_id: string | null
  service: string
  name: string
  kind: string
  status: string
  /** The span as it was sent. */
  data: unknown
}

interface CountedMinute {
  /** The midnight before its spans were received: they go together. */
  received_at: Date
  /** In which they began. */
  minute: Date
  errors: number
  /** Sum. */
  duration_ns: number
  /** How many took as long as each bucket says, see duration-buckets.ts. */
  durations: number[]
}

interface OperationMinuteTable extends CountedMinute {
  service: string
  operation: string
  kind: string
  slot: number
  spans: number
}

interface EdgeMinuteTable extends CountedMinute {
  caller: string
  callee: string
  calls: number
}

interface OpenEdgeTable {
  id: Generated<number>
  trace_id: string
  parent_span_id: string
  callee: string
  received_at: Date
  minute: Date
  duration_ns: number
  is_error: boolean
  inserted_at: Generated<Date>
  due_at: Generated<Date>
}
