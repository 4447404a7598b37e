/** Reading a QR code with the camera, in browsers that can do it by themselves; no picture leaves the page. */

type Detector = { detect: (source: HTMLVideoElement) => Promise<{ rawValue: string }[]> };
type DetectorClass = {
  new (options: { formats: string[] }): Detector;
  getSupportedFormats: () => Promise<string[]>;
};

const LOOK_EVERY_MS = 250;

function detectorClass(): DetectorClass | undefined {
  return (globalThis as { BarcodeDetector?: DetectorClass }).BarcodeDetector;
}

/** Whether this browser can read QR codes; a page that is not secure has no camera. */
export async function canScan(): Promise<boolean> {
  const found = detectorClass();
  if (!found || !navigator.mediaDevices) return false;
  return (await found.getSupportedFormats().catch((): string[] => [])).includes("qr_code");
}

/** Looks through the camera until the signal ends it, and says each text that it reads; rejects when there is no camera. */
export async function scan(video: HTMLVideoElement, signal: AbortSignal, onread: (text: string) => void): Promise<void> {
  const found = detectorClass();
  if (!found) throw new Error("no detector");
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
  try {
    // The sheet may have been closed while the browser asked for leave.
    if (signal.aborted) return;
    video.srcObject = stream;
    // Not waited for: until the first picture is there, looking at it fails like any other that cannot be read.
    void video.play().catch(() => undefined);
    const detector = new found({ formats: ["qr_code"] });
    while (!signal.aborted) {
      // A frame that cannot be read is no failure: the next one comes.
      for (const { rawValue } of await detector.detect(video).catch(() => [])) onread(rawValue);
      await new Promise((go) => setTimeout(go, LOOK_EVERY_MS));
    }
  } finally {
    for (const track of stream.getTracks()) track.stop();
    video.srcObject = null;
  }
}
