/**
 * Waits until each has come up or failed, so that none is left behind.
 *
 * @returns what came up, which `stack` disposes of
 * @throws the first failure
 */
export async function useAll<T extends readonly AsyncDisposable[]>(
  stack: AsyncDisposableStack,
  starting: { readonly [K in keyof T]: Promise<T[K]> },
): Promise<T> {
  const settled = await Promise.allSettled<AsyncDisposable>(starting)
  for (const each of settled) if (each.status === 'fulfilled') stack.use(each.value)
  // One that failed rejects here again.
  return Promise.all(starting) as unknown as Promise<T>
}
