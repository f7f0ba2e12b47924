import { parser } from '@prometheus-io/lezer-promql'

/** `{name="text"}` of a selector. */
export interface Matcher {
  readonly label: string
  readonly operator: '=' | '!=' | '=~' | '!~'
  readonly value: string
}

/** A metric that an expression reads. */
export interface Selector {
  readonly metric: string
  readonly matchers: readonly Matcher[]
}

/** What an expression is made of, as far as it depends on metrics. */
export interface Expression {
  readonly selectors: readonly Selector[]
  /** Labels of `by` and `on`. */
  readonly groupings: readonly string[]
}

type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** @throws Error that names the place where the text is no PromQL */
export function parsePromql(text: string): Expression {
  const slice = (node: SyntaxNode | null) => (node === null ? '' : text.slice(node.from, node.to))
  const selectors: { metric: string; matchers: Matcher[] }[] = []
  const groupings: string[] = []
  parser.parse(text).iterate({
    enter: ({ type, node }) => {
      if (type.isError) throw new Error(`No PromQL at ${node.from}: ${text.slice(node.from, node.from + 20)}`)
      if (type.is('VectorSelector')) selectors.push({ metric: slice(node.firstChild), matchers: [] })
      if (type.is('UnquotedLabelMatcher'))
        selectors.at(-1)?.matchers.push({
          label: slice(node.getChild('LabelName')),
          operator: slice(node.getChild('MatchOp')) as Matcher['operator'],
          value: JSON.parse(slice(node.getChild('StringLiteral'))) as string,
        })
      if (type.is('GroupingLabels')) groupings.push(...node.getChildren('LabelName').map(slice))
    },
  })
  return { selectors, groupings }
}
