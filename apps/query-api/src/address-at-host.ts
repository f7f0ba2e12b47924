/**
 * Where a caller reaches a service whose port is published: inside, it may have another name.
 *
 * @param host with or without a port, which is not that of the service; undefined: the service's own
 */
export function addressAtHost(serviceUrl: string, host: string | undefined): string {
  const url = new URL(serviceUrl)
  const { port } = url
  if (host !== undefined) url.host = host
  url.port = port
  return url.origin
}
