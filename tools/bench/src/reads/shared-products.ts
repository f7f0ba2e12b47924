import { connectRedisOnce, eventually } from '@runnel/testing'

export interface SharedProductsOptions {
  readonly redisUrl: string
  /** With `{id}` in it. */
  readonly productUrl: string
  /** Ids from 1 on. */
  readonly count: number
}

const AT_A_TIME = 20

/** Products in Redis: as query-api keeps them in database 0, and as plain texts in another one. */
export class SharedProducts {
  readonly #options: SharedProductsOptions
  readonly #redis: ReturnType<typeof connectRedisOnce>
  /** Of the plain texts; the key is `product:` with the id. */
  readonly plainUrl: string

  private constructor(options: SharedProductsOptions) {
    this.#options = options
    this.#redis = connectRedisOnce(options.redisUrl)
    this.plainUrl = `${options.redisUrl}/1`
  }

  static async open(stack: AsyncDisposableStack, options: SharedProductsOptions): Promise<SharedProducts> {
    const products = new SharedProducts(options)
    await products.#redis.connect()
    stack.defer(() => products.#redis.disconnect())
    await products.#copy()
    return products
  }

  /** Lets query-api load every product anew, so that all of them are young. */
  async renew(): Promise<void> {
    await this.#redis.flushdb()
    // On a busy machine some do not get there the first time: Redis is given 100 ms.
    await eventually(async () => {
      await this.#readAll()
      return (await this.#redis.dbsize()) >= this.#options.count
    })
  }

  async #copy(): Promise<void> {
    const texts = await this.#readAll()
    const plain = connectRedisOnce(this.plainUrl)
    await plain.connect()
    await plain.mset(Object.fromEntries(texts.map((text, i) => [`product:${i + 1}`, text])))
    plain.disconnect()
  }

  async #readAll(): Promise<string[]> {
    const { productUrl, count } = this.#options
    const texts: string[] = []
    while (texts.length < count) {
      const first = texts.length + 1
      const ids = Array.from({ length: Math.min(AT_A_TIME, count - texts.length) }, (_, i) => first + i)
      texts.push(...(await Promise.all(ids.map((id) => readText(productUrl.replace('{id}', String(id)))))))
    }
    return texts
  }
}

async function readText(url: string): Promise<string> {
  const response = await fetch(url)
  const text = await response.text()
  if (!response.ok) throw new Error(`${url} cannot be read: ${text}`)
  return text
}
