import type { Liquid, Template as LiquidTemplate } from 'liquidjs'

/** Variables of one text that are looked at; a text of 16 KB may name thousands. */
const MAX_VARIABLES = 200

/**
 * The variables that a text takes from its client, each once, as paths of names. Those whose path is computed (`a[b]`), and those
 * that the text itself assigns, are left out.
 *
 * @returns none where the text is nested too deeply to be analysed
 */
export function templateVariables(engine: Liquid, parsed: LiquidTemplate[]): string[][] {
  try {
    const { globals } = engine.analyzeSync(parsed, { partials: false })
    const paths = Object.values(globals).flatMap((uses) => uses.map((use) => use.toArray()))
    const named = paths.filter((path) => path.every((segment) => !Array.isArray(segment))) as (
      string | number
    )[][]
    const unique = new Map(named.map((path) => [JSON.stringify(path), path.map(String)]))
    return [...unique.values()].slice(0, MAX_VARIABLES)
  } catch {
    return []
  }
}
