import { VERSION } from '@runnel/contracts'

/** What is used of the manifests of the workspace. */
interface Manifests {
  /** Of tools/cli. */
  readonly cli: { readonly description: string; readonly license: string }
  /** Versions of packages as they are installed, by name. */
  readonly installed: Readonly<Record<string, string>>
}

/**
 * The manifest of the packed program. Its dependencies are what a bundle cannot hold: they are the versions that Runnel was tested
 * with.
 */
export function toManifest({ cli, installed }: Manifests): Readonly<Record<string, unknown>> {
  return {
    name: 'runnel',
    version: VERSION,
    description: cli.description,
    license: cli.license,
    type: 'module',
    bin: { runnel: 'runnel.js' },
    engines: { node: '>=24' },
    dependencies: { ...installed },
  }
}
