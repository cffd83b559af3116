// SPDX-License-Identifier: Apache-2.0
// snapsec-device-helper ACTION TAG DEVPATH MAJOR:MINOR: what the compiler's udev rules run when a device with a label's
// tag comes or goes; to be installed as LIBEXEC/snap-device-helper. Same words and effect as snapd's program.
#include "runtime/DeviceCgroup.h"
#include <cstdio>

using namespace snapsecc::runtime;

static int fail(const std::string &what) {
  fprintf(stderr, "snapsec-device-helper: error: %s\n", what.c_str());
  return 1;
}

int main(int count, char **words) {
  if (count == 2 && std::string(words[1]) == "--help") {
    puts("Usage: snapsec-device-helper add|bind|change|remove|unbind TAG DEVPATH MAJOR:MINOR\n"
         "Lets the label with the tag use the device, or no longer. udev runs it.\n\nExamples:\n"
         "  snapsec-device-helper add snap_foo_bar /devices/pci0/usb1/1-1 189:1 # A device came.\n"
         "  snapsec-device-helper remove snap_foo_bar /devices/pci0/usb1/1-1 189:1 # And went.");
    return 0;
  }
  if (count != 5) return fail("needs ACTION TAG DEVPATH MAJOR:MINOR");
  const std::string action = words[1], tag = words[2], path = words[3], numbers = words[4];
  if (action == "unbind") return 0; // the node stays
  bool isAdded = action == "add" || action == "bind" || action == "change";
  if (!isAdded && action != "remove") return fail("unknown action '" + action + "'");
  if (tag.compare(0, 5, "snap_") != 0) return fail("no tag of a label: '" + tag + "'");
  if (numbers == ":" || numbers.empty()) return 0; // without a node
  std::optional<Device> device = readNumbers(path.find("/block/") == std::string::npos ? 'c' : 'b', numbers);
  if (!device || device->minor == anyMinor) return fail("no numbers of a device: '" + numbers + "'");
  Status changed = changeDevice(tag, *device, isAdded);
  return changed ? 0 : fail(changed.failure().what);
}
