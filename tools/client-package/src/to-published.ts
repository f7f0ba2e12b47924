/** What is used of the manifest that a package has in the workspace. */
export interface WorkspaceManifest {
  readonly exports: Readonly<Record<string, string>>
  readonly [member: string]: unknown
}

/** What only the workspace needs. */
const OF_WORKSPACE = new Set(['private', 'devDependencies', 'nx'])

/** The manifest of a package as it is published: its exports are what its sources were compiled to. */
export function toPublished(manifest: WorkspaceManifest): Readonly<Record<string, unknown>> {
  const kept = Object.entries(manifest).filter(([member]) => !OF_WORKSPACE.has(member))
  const exports = Object.entries(manifest.exports).map(([name, source]) => [name, toCompiled(source)])
  return { ...Object.fromEntries(kept), exports: Object.fromEntries(exports) as object }
}

/** `default` also for require.resolve, by which pino finds a transport. */
function toCompiled(source: string): object {
  const base = source.replace('./src/', './').replace(/\.ts$/, '')
  return { types: `${base}.d.ts`, default: `${base}.js` }
}
