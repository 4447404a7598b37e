/** Gives a file to the server; by XMLHttpRequest, as only that tells how much has been sent. */
import { failureOf, headers, Unanswered, type Delivery } from "./calls";

export type Given = { delivery: Delivery; repeated: boolean };
export type Sending = { answer: Promise<Given>; abort: () => void };

const TAKEN = 202;

/** Sends a file of steps; `onshare` hears 0..1. The answer rejects with `Refused` or `Unanswered`, also when aborted. */
export function giveSteps(file: Blob, onshare: (share: number) => void): Sending {
  const request = new XMLHttpRequest();
  const answer = new Promise<Given>((resolve, reject) => {
    request.upload.onprogress = ({ loaded, total }) => onshare(total ? loaded / total : 0);
    request.onload = () => {
      const body = request.response as unknown;
      if (request.status < 300 && body) resolve({ delivery: body as Delivery, repeated: request.status !== TAKEN });
      else reject(failureOf(request.status, body));
    };
    request.onerror = request.onabort = () => reject(new Unanswered(0));
  });
  request.open("POST", "/api/steps/files");
  request.responseType = "json";
  request.setRequestHeader("Content-Type", "application/octet-stream");
  for (const [name, value] of headers()) request.setRequestHeader(name, value);
  request.send(file);
  return { answer, abort: () => request.abort() };
}
