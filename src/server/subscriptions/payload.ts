/** Makes of results what a transport sends. */
export type Framing<Frame> = (texts: readonly string[]) => Frame

/**
 * Results that are delivered together, each as JSON: one, or several where many come. All their
 * subscribers get the same, so each transport frames them once.
 */
export class Payload {
  readonly texts: readonly string[]
  readonly #frames = new Map<Framing<unknown>, unknown>()

  constructor(...texts: readonly string[]) {
    this.texts = texts
  }

  static joined(payloads: readonly Payload[]): Payload {
    return payloads.length === 1 ? payloads[0]! : new Payload(...payloads.flatMap(({ texts }) => texts))
  }

  frame<Frame>(framing: Framing<Frame>): Frame {
    const made = this.#frames.get(framing)
    if (made !== undefined) return made as Frame
    const frame = framing(this.texts)
    this.#frames.set(framing, frame)
    return frame
  }
}
