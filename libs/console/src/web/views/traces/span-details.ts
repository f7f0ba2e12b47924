type Members = Readonly<Record<string, unknown>>

/** What a span says beside its columns. */
interface SpanDetails {
  readonly attributes: Members
  readonly resource: Members
  /** Flat: attributes of an event stand beside its name and time. */
  readonly events: readonly Members[]
  /** Ids of traces. */
  readonly links: readonly string[]
  /** Why it failed. */
  readonly message: string | undefined
}

/** @param data as it was sent: whatever stands beside the known members, of any type */
export function readDetails(data: unknown): SpanDetails {
  const span = asMembers(data)
  const { message } = asMembers(span['status'])
  return {
    attributes: asMembers(span['attributes']),
    resource: asMembers(span['resource']),
    events: asList(span['events']).map((event) => {
      const { attributes, ...others } = asMembers(event)
      return { ...others, ...asMembers(attributes) }
    }),
    links: asList(span['links']).flatMap((link) => {
      const { traceId } = asMembers(link)
      return typeof traceId === 'string' ? traceId : []
    }),
    message: typeof message === 'string' && message !== '' ? message : undefined,
  }
}

/** Names with values as texts. */
export function toMembers(of: object): [name: string, text: string][] {
  return Object.entries(of).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : JSON.stringify(value),
  ])
}

export function asMembers(value: unknown): Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Members) : {}
}

function asList(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}
