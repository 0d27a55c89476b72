import { expect, test } from "vitest";
import { parseScreenshotOptions } from "../screenshot_options.ts";

test("without options the stories of the documentation are run, for its pictures", () => {
  const options = parseScreenshotOptions([]);
  expect(options).toMatchObject({ isDark: false, isForDocs: true });
  expect(options.files).toContain("overview.spec.ts");
});

test("pictures in dark colours, of all stories or of chosen ones, are not for the documentation", () => {
  expect(parseScreenshotOptions(["--dark"])).toMatchObject({ isDark: true, isForDocs: false });
  expect(parseScreenshotOptions(["--all"])).toEqual({ files: [], isDark: false, isForDocs: false });
  const chosen = { files: ["outage.spec.ts"], isDark: false, isForDocs: false };
  expect(parseScreenshotOptions(["outage.spec.ts"])).toEqual(chosen);
});

test("an unknown option is refused with those there are", () => {
  expect(() => parseScreenshotOptions(["--bright"])).toThrow(/--bright[\s\S]*--all, --dark/);
});
