import type { LogQuery } from '@runnel/contracts/log-query'
import type { SearchableLog } from '../searchable-log.ts'
import { createMemberMatcher } from './create-member-matcher.ts'
import { createTextMatcher, createValueMatcher } from './text-matchers.ts'

type Matcher = (log: SearchableLog) => boolean

/** The same query for entries in this process: what querySql would find, this finds, and nothing else. */
export function createQueryMatcher(query: LogQuery): Matcher {
  switch (query.kind) {
    case 'and': {
      const all = query.nodes.map(createQueryMatcher)
      return (log) => all.every((matches) => matches(log))
    }
    case 'or': {
      const any = query.nodes.map(createQueryMatcher)
      return (log) => any.some((matches) => matches(log))
    }
    case 'not': {
      const matches = createQueryMatcher(query.node)
      return (log) => !matches(log)
    }
    case 'level': {
      const { levels } = query
      return ({ level }) => levels.includes(level ?? (levels.includes('') ? '' : '\0'))
    }
    case 'level-exists':
      return ({ level }) => level !== null && level !== ''
    case 'trace': {
      const { traceId } = query
      return (log) => (traceId === undefined ? log.traceId !== undefined : log.traceId === traceId)
    }
    case 'service': {
      if (query.test.test === 'exists') return ({ service }) => service !== null
      const matches = createValueMatcher(query.test)
      return ({ service }) => service !== null && matches(service)
    }
    case 'message': {
      const matches = query.test.test === 'exists' ? () => true : createTextMatcher(query.test)
      return ({ message }) => message !== undefined && matches(message)
    }
    case 'text': {
      const matches = createTextMatcher(query.test)
      return ({ text }) => matches(text)
    }
    case 'member':
      return createMemberMatcher(query)
  }
}
