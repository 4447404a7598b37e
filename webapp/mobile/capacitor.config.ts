/** The app shows the page of one operator, whose address is given when it is built. */
import type { CapacitorConfig } from "@capacitor/cli";

const address = process.env.EPLUS_ADDRESS ?? "";
if (!address.startsWith("https://")) throw new Error("Set EPLUS_ADDRESS to the server's address, such as https://life.example.hk");

const config: CapacitorConfig = {
  appId: process.env.EPLUS_APP_ID ?? "hk.eplus.life",
  appName: "e+ Life",
  webDir: "www",
  // Nothing but that address may be shown: the plugins would be there for any page.
  server: { url: address, cleartext: false, allowNavigation: [], errorPath: "index.html" },
};

export default config;
