import type { LogQuery } from '@runnel/contracts/log-query'
import { sql, type RawBuilder } from 'kysely'
import { hasLevel, isLevel } from '../level-sql.ts'
import { satisfies } from '../text-search.ts'
import { memberSql } from './member-sql.ts'
import { textSql, valueSql } from './text-sql.ts'

type Condition = RawBuilder<boolean>
type Leaf = Exclude<LogQuery, { kind: 'and' | 'or' | 'not' }>

/** Where words are looked for. */
const TEXT = sql<string>`coalesce(message, data::text)`

/**
 * A query as a condition on rows of log. It is null instead of false where there is nothing to compare; a negation takes both for
 * the same. Every text of the query is a parameter.
 */
export function querySql(query: LogQuery): Condition {
  switch (query.kind) {
    case 'and':
      return andSql(query.nodes)
    case 'or':
      return sql`(${sql.join(cheapFirst(query.nodes).map(querySql), sql` or `)})`
    case 'not':
      return sql`((${querySql(query.node)}) is not true)`
    default:
      return leafSql(query)
  }
}

/** Words are compared together, so that the text is put into lower case once. */
function andSql(nodes: readonly LogQuery[]): Condition {
  const words = nodes.flatMap((node) => wordOf(node) ?? [])
  const without = nodes.flatMap((node) => (node.kind === 'not' ? (wordOf(node.node) ?? []) : []))
  const isWord = (node: LogQuery) => wordOf(node.kind === 'not' ? node.node : node) !== undefined
  const conditions = cheapFirst(nodes.filter((node) => !isWord(node))).map(querySql)
  if (words.length + without.length > 0) conditions.push(satisfies(TEXT, { words, without }))
  return conditions.length === 0 ? sql`true` : sql`(${sql.join(conditions, sql` and `)})`
}

function wordOf(node: LogQuery): string | undefined {
  return node.kind === 'text' && node.test.test === 'contains' ? node.test.text : undefined
}

function leafSql(leaf: Leaf): Condition {
  switch (leaf.kind) {
    case 'level': {
      const { levels } = leaf
      return isLevel(levels.includes('') ? sql`coalesce(level, '')` : sql`level`, levels)
    }
    case 'level-exists':
      return hasLevel(sql`level`)
    case 'trace':
      return leaf.traceId === undefined ? sql`trace_id is not null` : sql`trace_id = ${leaf.traceId}::uuid`
    case 'service':
      if (leaf.test.test === 'equals') return sql`service = ${leaf.test.text}`
      return leaf.test.test === 'exists' ? sql`service is not null` : valueSql(sql`service`, leaf.test)
    case 'message':
      return textSql(sql`message`, leaf.test)
    case 'text':
      return textSql(TEXT, leaf.test)
    case 'member':
      return memberSql(leaf)
  }
}

/** What a condition costs in a row: columns, members of the JSON, texts, expressions over texts. */
function costOf(node: LogQuery): number {
  switch (node.kind) {
    case 'and':
    case 'or':
      return Math.max(0, ...node.nodes.map(costOf))
    case 'not':
      return costOf(node.node)
    case 'text':
    case 'message':
      return node.test.test === 'regex' ? 3 : 2
    case 'member':
      return 1
    default:
      return 0
  }
}

function cheapFirst(nodes: readonly LogQuery[]): LogQuery[] {
  return [...nodes].sort((a, b) => costOf(a) - costOf(b))
}
