/* PyEval_CallObject for Python 3.13 and later.
 *
 * The rule engine's C extension calls PyEval_CallObject, which Python 3.13 no longer exports. Imported first and with
 * its symbols made global, this module offers the function again. Older Pythons have their own; there it is empty.
 *
 * The engine calls it only from callbacks that the product never sets.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>

#if PY_VERSION_HEX >= 0x030D0000
__attribute__((visibility("default")))
PyObject *PyEval_CallObject(PyObject *callable, PyObject *args) {
    return PyObject_CallObject(callable, args);
}
#endif

static struct PyModuleDef definition = {
    PyModuleDef_HEAD_INIT, "_callobject", "Offers PyEval_CallObject on Python 3.13 and later.", 0, NULL, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__callobject(void) {
    return PyModuleDef_Init(&definition);
}
